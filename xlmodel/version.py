"""The version, which every part may print."""

__version__ = "0.1.0"
