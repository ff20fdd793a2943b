"""The field for conditions, and the page on which one is tried."""
