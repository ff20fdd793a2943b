"""What the rules of working time know of somebody: the page for changing it."""
