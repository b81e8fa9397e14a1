"""The groups of the door of casework that hold more than a dozen names together."""
