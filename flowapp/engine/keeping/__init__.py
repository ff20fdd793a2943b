"""How long runs are kept, and their removal."""
