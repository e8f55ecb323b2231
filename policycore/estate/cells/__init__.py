"""What stands in a cell: words, times, values of a column."""
