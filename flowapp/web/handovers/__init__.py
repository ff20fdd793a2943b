"""Handovers: reading, writing and acknowledging them."""
