"""Liquidating and deleveraging what is due."""
