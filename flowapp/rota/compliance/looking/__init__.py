"""Looking for broken rules: pure, from what was worked and planned to findings."""
