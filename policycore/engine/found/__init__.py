"""What was found, as columns: facts, names, and the findings that stand in no row."""
