"""Strategies: drawn, rehearsed, decided by two, and evaluated after each closed day."""
