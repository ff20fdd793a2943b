"""Timesheets: one's own hours, deciding on those of others, and payroll."""
