"""The night closes the day for the whole book: plan, explain, apply; no Django."""
