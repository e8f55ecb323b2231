"""What is kept of every run, and the audit trail that seals it."""
