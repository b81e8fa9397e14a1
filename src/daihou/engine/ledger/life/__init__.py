"""Events in, facts out: the front of both ledgers, and what is asked of a life."""
