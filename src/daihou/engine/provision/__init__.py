"""Provisions for loan losses: by table and class, their movement, and the ratios."""
