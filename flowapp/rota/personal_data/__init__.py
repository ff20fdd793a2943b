"""Personal data: everything that is held about one person, handed to them, or taken out when they have left."""
