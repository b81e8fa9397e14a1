"""Days past due and buckets."""
