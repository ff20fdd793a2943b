"""Absence: sickness and the return from it."""
