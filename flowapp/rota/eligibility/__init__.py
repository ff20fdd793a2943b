"""Who can take a shift, and why somebody cannot: one answer for pages, programs, publishing and workflows."""
