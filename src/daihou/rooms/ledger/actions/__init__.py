"""The only writers of the ledger: check, lock, write, settle, event; one transaction."""
