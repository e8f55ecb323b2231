"""Rules that a rule set writes as words and expressions."""
