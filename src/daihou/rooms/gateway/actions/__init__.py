"""The only writers of tokens, kept answers, receivers and messages."""
