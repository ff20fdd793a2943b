"""Runs that steps of other runs have started."""
