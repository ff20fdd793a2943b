"""Payroll: approved hours handed over to whoever pays them."""
