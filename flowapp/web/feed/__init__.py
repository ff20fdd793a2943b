"""Somebody's calendar at a secret address, and the page on which the address is made."""
