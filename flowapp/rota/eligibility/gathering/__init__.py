"""Looking up what the rules ask about everybody who may take a shift: a handful of questions for all of them at once."""
