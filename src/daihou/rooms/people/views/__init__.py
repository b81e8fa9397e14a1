"""The pages of the people room: signing in, one's own account, people and their rights."""
