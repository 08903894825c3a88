"""Workers share a budget, report a cause once, and replace and report dead workers; a Ray cluster: slow."""
