"""Three clients that share no code agree on drawn call sequences: outcome, logs, state and gas."""
