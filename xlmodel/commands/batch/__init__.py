"""A book for each row of a list: what was asked, the workers, where books go, and what is told in the end."""
