"""Setting up a FlowApp of one's own: the home, its staff, workflows, and the first administrator."""
