"""Reference pages made from what the program itself knows: ``python -m bench.docs``."""
