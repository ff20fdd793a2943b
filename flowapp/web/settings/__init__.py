"""The page from which everything is reached that is set up once in a while."""
