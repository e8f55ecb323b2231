"""Pages as lines of words, made without Textual: what stands on a screen is tested as plain text."""
