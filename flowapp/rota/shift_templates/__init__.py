"""Shift templates: the shifts a home plans again and again, such as the long day and the night."""
