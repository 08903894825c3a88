"""Call sequences shrink, become plainer, and fail for the same reason."""
