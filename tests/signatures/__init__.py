"""Permissions and permits: every flaw is refused, each for its reason."""
