"""Product files and their mistakes."""
