"""What every part stands on; knows nothing of care homes or workflows."""
