"""Every piece pages are made of, in every state."""
