"""What the pages of contact draw."""
