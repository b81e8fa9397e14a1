"""The mathematics of one loan: plain Python, no database, no clock, no files."""
