"""The rules of the house, each a pure function from a source to its findings.

tests/rules applies them to the tree, and each to a sample that breaks it.
"""
