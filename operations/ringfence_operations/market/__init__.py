"""What a deployed market is: its contracts, addresses and manifest."""
