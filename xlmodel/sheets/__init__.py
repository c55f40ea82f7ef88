"""One module per sheet; each describes, none writes."""
