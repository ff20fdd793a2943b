"""Workflows: what managers build. Nothing here runs one; that is the engine's."""
