"""Cases a lawyer can read, run on the reference and on the fast text."""
