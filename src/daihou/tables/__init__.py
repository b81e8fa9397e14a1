"""The shape of every table that files, the night and the screens share."""
