"""The night: closes the day for the whole book. Plan, explain, apply; no Django."""
