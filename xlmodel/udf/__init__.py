"""Functions for xlwings, printed from the formula records."""
