"""Months of the book: counted by night, asked by pages and reports."""
