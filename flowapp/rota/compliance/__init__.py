"""Compliance: the rules a home keeps, the checks that look for where one is broken, and what they found."""
