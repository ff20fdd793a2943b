"""Personal data: what is held about one person, and taking it out once they have left."""
