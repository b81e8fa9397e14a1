"""What the loans of the book cost against the caps of law 利率上限."""
