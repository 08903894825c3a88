"""A market on a real node: deployed once, verified, rehearsed, followed and kept, whatever fails nearby."""
