"""Comparing a deployed market with the model, and rehearsing on a copy."""
