"""The terminal interface: reads the findings store, never the engine's inside."""
