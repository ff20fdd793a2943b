"""What only a real browser on the real server can answer."""
