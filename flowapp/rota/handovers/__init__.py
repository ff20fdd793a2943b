"""Handovers: what one shift tells the next."""
