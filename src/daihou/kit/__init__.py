"""The base all rooms stand on: templates, numbers, paging, ports."""
