"""The explorer sees every mismatch, stores what is new, and repeats itself by seed in any process."""
