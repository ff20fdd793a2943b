"""Who can take a shift, why somebody cannot, and giving it to them."""
