"""Laws and tables of the engine: what is true of every loan."""
