"""What can happen in a care home, and the outbox in which it is written down."""
