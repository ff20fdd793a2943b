"""How each type of step goes on, one file each; all of it decided from values alone."""
