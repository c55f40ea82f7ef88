"""Points, curves, prices and claims: the model in plain Python."""
