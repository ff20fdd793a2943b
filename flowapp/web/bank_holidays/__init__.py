"""The bank holidays of a home, with its local days."""
