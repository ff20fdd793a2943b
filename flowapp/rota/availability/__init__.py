"""When somebody can work: what they say of each week, and of single days."""
