"""Compares an isolated-margin vault on a chain with its reference model, after every step."""
