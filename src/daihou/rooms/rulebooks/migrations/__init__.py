"""Tables of the rulebooks room."""
