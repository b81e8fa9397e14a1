"""What the door opens to, by what one comes for."""
