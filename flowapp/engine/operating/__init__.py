"""What whoever looks after the server needs to know: figures, when FlowApp was away, and what is wrong."""
