"""When can you work? The page for oneself, and for whoever looks after the rota."""
