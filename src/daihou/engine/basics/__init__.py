"""Money, rounding, dates and periods."""
