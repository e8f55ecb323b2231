"""Evaluate a rule set over an estate: plan, run, count, explain; no screen, no storage of results."""
