"""SQL of rule sets: read as a syntax tree, checked before it runs, made into a rule."""
