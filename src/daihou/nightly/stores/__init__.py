"""Where the night reads facts and leaves positions: PostgreSQL and Parquet."""
