"""Compliance: where rules are broken, and what becomes of it."""
