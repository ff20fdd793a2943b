"""Who was given which shift and taken off it, by whom and why: written down for good."""
