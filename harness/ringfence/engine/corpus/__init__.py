"""Call sequences that reached something new, in memory and on disk."""
