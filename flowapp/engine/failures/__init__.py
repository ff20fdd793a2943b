"""What is said and done when the runs of a workflow fail again and again."""
