"""Workbooks that offices fill in: sheets, header rows, registers that name people."""
