"""Following a deployed market by its events."""
