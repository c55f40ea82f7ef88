"""A workbook that was mailed, edited, saved by some program and mailed back: what it still is, and what a person typed.

`Mailed` finds the contract and the places it speaks of, whatever moved; `inputs` turns the cells into the inputs of
the Python model, `rows` does so for the tables.
"""
