"""The most that a loan may cost: rates agreed, and sums claimed, against the caps."""
