"""The one reader of YAML: bounded, every key and value with its place, every mistake at once."""
