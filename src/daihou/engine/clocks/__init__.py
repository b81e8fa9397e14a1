"""Clocks of law: when they began, what they heard, when they end, what stops them."""
