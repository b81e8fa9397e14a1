"""What the tables of the work tell of a period, in one statement a figure."""
