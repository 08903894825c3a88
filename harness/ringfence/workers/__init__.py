"""What a worker of a campaign does."""
