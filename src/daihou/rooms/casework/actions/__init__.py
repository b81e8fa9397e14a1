"""The only writers of casework."""
