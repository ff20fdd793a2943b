"""Pages of shift templates."""
