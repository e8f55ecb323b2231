"""Several sources, one estate: the same group in several files is one, and every difference is named."""
