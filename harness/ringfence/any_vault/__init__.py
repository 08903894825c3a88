"""Testing a vault that is not ours: by an adapter alone, or beside a reference that its author supplies."""
