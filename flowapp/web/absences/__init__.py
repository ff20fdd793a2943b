"""Absences: who is off sick, reporting somebody, and the talk when they are back."""
