"""The only readers of casework."""
