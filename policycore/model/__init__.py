"""The one definition of every schema: estate tables, rule sets, verdicts, findings."""
