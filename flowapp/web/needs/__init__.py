"""Pages of what a home needs."""
