"""Dated terms and rules as values."""
