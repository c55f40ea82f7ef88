"""Descriptions to a package that Excel opens."""
