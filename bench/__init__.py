"""Measure policycore on estates of any size, stage by stage, and beside other policy engines; count and draw it."""
