"""Years of days from one seed, and processes killed at the worst moment."""
