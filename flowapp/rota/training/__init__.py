"""Training and certificates: what somebody must have learnt, and until when it holds."""
