"""A market on a real network: deploy it, verify it, rehearse with it, watch it and keep it."""
