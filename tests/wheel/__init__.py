"""The wheel in environments of its own; slow."""
