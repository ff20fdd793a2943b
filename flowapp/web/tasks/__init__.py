"""Tasks: what waits for one, and what was done."""
