"""Our vault and model hold every property, and a search that tests none of it says so."""
