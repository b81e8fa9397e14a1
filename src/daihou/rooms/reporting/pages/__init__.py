"""What the pages of the room show, ready to draw."""
