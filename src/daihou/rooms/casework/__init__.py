"""Cases 案件: whose turn it is, in whose hands, and what came of it."""
