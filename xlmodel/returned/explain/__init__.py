"""How a number came to be, down to its sources."""
