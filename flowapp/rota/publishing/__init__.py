"""Publishing the rota a week at a time: what will be shown to staff, what is wrong with it, and who is told."""
