"""The only writer of proposals: each action is one transaction with its event."""
