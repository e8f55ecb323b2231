"""What screens read from and write to the store, without Textual: one place between SQL and what is shown."""
