"""Reference pages made from what the program itself knows: ``python -m policycore.docs``."""
