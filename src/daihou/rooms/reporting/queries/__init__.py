"""The only reader of reporting."""
