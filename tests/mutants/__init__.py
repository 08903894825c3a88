"""Every operator makes exactly its changes; counts, resuming and the list of equivalent mutants are right."""
