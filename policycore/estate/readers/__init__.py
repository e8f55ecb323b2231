"""Files as they are handed over: how each format becomes rows with their places."""
