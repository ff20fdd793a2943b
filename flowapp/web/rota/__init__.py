"""Pages of the rota: a week of a home, publishing it, and the shifts that are open."""
