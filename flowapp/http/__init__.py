"""What pages and API share."""
