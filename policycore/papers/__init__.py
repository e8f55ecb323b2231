"""Papers that people sign, print and file: blank forms, reports, letters, statements, as official documents look."""
