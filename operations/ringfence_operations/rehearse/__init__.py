"""A copy of a deployed market, and what is tried on it."""
