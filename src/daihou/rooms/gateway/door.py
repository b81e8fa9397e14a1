"""What other rooms may use of gateway."""
