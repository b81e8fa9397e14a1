"""Loans whose rows the contract states: demands and money in, a state out."""
