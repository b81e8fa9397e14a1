"""Other people's published numbers, run on the plain engine."""
