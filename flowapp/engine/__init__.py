"""The engine: it runs workflows, and the database rows are its only truth."""
