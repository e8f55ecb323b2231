"""Take the text out of files that people send: in a child process, within limits, with the place of each piece."""
