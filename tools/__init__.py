"""What `make` runs: setup, checks, generated files."""
