"""The search for the worst that can happen to a vault, whether a property is broken by it or not."""
