"""Searches reach every rare event, find and shrink seeded bugs, and repeat themselves by seed."""
