"""The list of workflows, and one of them."""
