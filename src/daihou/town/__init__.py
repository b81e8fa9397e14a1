"""A simulated lender: believable loans, borrowers with habits, years of days."""
