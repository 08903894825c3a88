"""Showing a market live, and its metrics."""
