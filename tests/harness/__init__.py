"""Codec, signatures, markets and their files, and that a system sees every mismatch."""
