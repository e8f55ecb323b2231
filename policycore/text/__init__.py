"""Foreign text: clean it before a screen, mask personal numbers, fold spellings, scan once for all rules."""
