"""What the pages of strategies show."""
