"""What every room's API stands on: the guard, values, paging, problems."""
