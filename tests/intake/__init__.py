"""Intake: what is taken, what is refused, and that nothing is lost between."""
