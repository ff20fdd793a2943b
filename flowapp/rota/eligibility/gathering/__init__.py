"""Looking up what the rules ask about everybody who may take a shift: a few questions for all of them at once."""
