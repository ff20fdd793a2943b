"""What several tests stand on: an inspecting client, a real browser, the rules of the house."""
