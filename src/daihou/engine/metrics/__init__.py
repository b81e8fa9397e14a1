"""Portfolio metrics by the book: plain, slow, one meaning each."""
