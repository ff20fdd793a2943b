"""Watches: what FlowApp looks out for in a home by itself, and how long it waits before it says so."""
