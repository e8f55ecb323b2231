"""Widgets that show the state; foreign text passes `clean` and is never markup."""
