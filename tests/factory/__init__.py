"""Which markets can be made, and where."""
