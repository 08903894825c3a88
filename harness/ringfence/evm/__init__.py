"""Where it runs: chains, contract interfaces, compiled projects, signatures, and an adapter's workspace."""
