"""Import recipes: how a foreign shape becomes tables, written in YAML."""
