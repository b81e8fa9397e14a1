"""The rooms of the house: one Django app per line of work, earliest first."""
