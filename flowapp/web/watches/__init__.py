"""What is looked out for in a home."""
