"""Training: how everybody in a home stands, certificates, and the types of training."""
