"""Drafting an adapter for a vault that nobody here has seen: from names, types and what functions write."""
