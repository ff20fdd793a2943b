"""Times closed to leave."""
