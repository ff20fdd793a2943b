"""What the calls of the API take and answer: one file per noun."""
