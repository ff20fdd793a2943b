"""What people can do with a run that cannot go on by itself, or shall not."""
