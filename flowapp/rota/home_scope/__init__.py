"""The homes in which somebody works: their own, those they help out in, and those they must not."""
