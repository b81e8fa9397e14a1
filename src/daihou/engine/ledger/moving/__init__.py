"""Loans whose interest follows the balance really owed; README.md is the map."""
