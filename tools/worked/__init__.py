"""Worked tables of docs/reference/algorithms, printed from the golden cases."""
