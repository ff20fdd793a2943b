"""Something of Rose House for each name in an address, one file for each subject."""
