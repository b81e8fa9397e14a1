"""What reports read beside the closed days: whole columns, set by set."""
