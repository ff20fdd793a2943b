"""APScheduler: it only says "look now"; what is due stands in our rows."""
