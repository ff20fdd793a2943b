"""Everything a step can do: one file, one kind of action."""
