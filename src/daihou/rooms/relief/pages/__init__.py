"""What the pages of relief show."""
