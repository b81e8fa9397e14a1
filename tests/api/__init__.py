"""The API, its tokens, its webhooks and its client."""
