"""Asking for leave, seeing one's own, and deciding."""
