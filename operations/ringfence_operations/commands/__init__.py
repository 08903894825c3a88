"""The commands that deploy, verify, monitor and keep a market."""
