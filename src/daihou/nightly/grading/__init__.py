"""Classes of a closed day: facts read, classified, and what differs written."""
