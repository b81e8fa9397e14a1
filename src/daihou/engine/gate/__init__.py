"""May this person be contacted now, so, about this: the gate before every contact."""
