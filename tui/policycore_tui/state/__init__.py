"""What the screens show and remember, without Textual: filter, sort, marks, undo, saved views."""
