"""Demand: how many people a home needs, where too few are planned, and where leave would leave too few."""
