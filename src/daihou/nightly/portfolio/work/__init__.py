"""Figures of the work itself: contacts, promises, money of cases, their ends."""
