"""Recovery: what is repaired first, who is cut when, what goes where."""
