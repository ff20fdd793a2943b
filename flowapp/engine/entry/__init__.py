"""How many runs may be under way, and what becomes of one too many."""
