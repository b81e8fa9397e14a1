"""Everything that can be wrong with what was sent."""
