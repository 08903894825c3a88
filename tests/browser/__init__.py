"""Reports in a real browser; slow."""
