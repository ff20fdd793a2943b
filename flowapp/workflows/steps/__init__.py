"""The types of step a workflow may have, one file each: its fields, its lists of steps, its texts and its sentence."""
