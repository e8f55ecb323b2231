"""Judge one rule: whom it concerns, what it hits, whose verdict a missing value could change."""
