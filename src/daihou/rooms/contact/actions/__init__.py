"""The only writers of contact."""
