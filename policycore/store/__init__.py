"""The findings store: what every run found, how long it has stood, and what people did about it."""
