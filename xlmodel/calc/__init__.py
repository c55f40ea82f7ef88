"""One record per formula: Excel text, Python twin, units, help, example."""
