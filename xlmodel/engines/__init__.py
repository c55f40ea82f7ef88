"""Calculation engines and the validator that judge a finished workbook."""
