"""Pages of one shift: planning it, seeing it, changing it."""
