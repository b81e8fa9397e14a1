"""What the pages of the day-end show, ready to be drawn."""
