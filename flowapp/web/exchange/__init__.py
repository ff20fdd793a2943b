"""Lists of staff, shifts and leave: bringing them in, and taking them out."""
