"""Strategy: decision tables, journeys and experiments, one customer at a time."""
