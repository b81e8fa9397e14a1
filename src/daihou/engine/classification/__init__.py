"""Asset classification: five classes, and the scales of other jurisdictions."""
