"""Measurements, each printed as JSON lines."""
