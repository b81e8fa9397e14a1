"""What the pages of casework draw."""
