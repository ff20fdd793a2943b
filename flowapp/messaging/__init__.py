"""Telling people: inside FlowApp, by mail, and the one door through which anything goes out."""
