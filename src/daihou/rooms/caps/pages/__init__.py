"""What the pages of the caps show."""
