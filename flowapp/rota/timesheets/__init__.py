"""Timesheets: the hours somebody worked, handed in by them and approved by somebody else."""
