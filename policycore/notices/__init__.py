"""Notices: whom a run concerns, what it tells them, how it is sent."""
