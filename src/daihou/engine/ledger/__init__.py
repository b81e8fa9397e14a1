"""Schedules, allocation and settlement of one loan."""
