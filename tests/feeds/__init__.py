"""The guard in front of a feed answers each case of its table as vault and settlement need it."""
