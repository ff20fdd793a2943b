"""Tasks: what a person should do, in a queue, by a date."""
