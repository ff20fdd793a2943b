"""Days that a home keeps as bank holidays of its own, such as a town's fair."""
