"""Times closed to leave: adding, changing and removing them."""
