"""The strategy over the whole book: facts, steps, rehearsals and what differs."""
