"""What the pages of the ledger show, ready to be drawn."""
