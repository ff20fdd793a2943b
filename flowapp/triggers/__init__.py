"""Everything that can start a workflow: one file, one kind of trigger."""
