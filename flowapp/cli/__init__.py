"""`flask flow …`: what is done from the command line."""
