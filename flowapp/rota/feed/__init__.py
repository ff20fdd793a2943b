"""Somebody's own shifts and leave as a calendar that telephones and other programs read."""
