"""Every user-facing text outside rules: one module per area, ``TEXTS = {"area.key": (zh, en)}``."""
