"""Attacks on the economy, on the terms that were audited, with what they yielded and yield now."""
