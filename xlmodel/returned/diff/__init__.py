"""Two workbooks compared: what changed, and what each change did."""
