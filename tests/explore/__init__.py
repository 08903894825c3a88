"""The explorer sees every mismatch, stores what is new, repeats itself by seed, trades in drawn markets."""
