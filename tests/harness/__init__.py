"""Codec, signatures, markets, and that lockstep sees every mismatch."""
