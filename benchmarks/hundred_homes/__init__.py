"""A hundred homes with sixty people each and two years of rota: the large data set, and what is measured on it."""
