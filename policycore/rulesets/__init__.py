"""Rule sets: YAML to a checked, composed model; every mistake comes out as ``file:line:col``."""
