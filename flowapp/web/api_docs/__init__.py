"""The readable page about the API."""
