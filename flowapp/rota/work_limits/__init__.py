"""What the rules of working time must know of somebody: age, opt-out, assessments, limits, restrictions."""
