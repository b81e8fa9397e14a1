"""The only readers of contact."""
