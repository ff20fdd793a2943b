"""Members of staff: the list, and one person's record."""
