"""Proof that a finished workbook is right: engines, recalculation, package rules."""
