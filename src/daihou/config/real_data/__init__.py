"""Real car loans, month by month: from published files to positions of the book."""
