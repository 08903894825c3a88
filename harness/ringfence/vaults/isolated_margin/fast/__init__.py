"""A market straight on revm: calldata in, words out, compared with what the model says they must be."""
