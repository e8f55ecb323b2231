"""YAML with the place of every key and value, read within bounds."""
