"""Anyone's vault through an adapter, and the guide's own steps."""
