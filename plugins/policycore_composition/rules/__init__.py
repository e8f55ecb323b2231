"""One rule a file, each with its cases."""
