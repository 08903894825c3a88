"""The ledger rebuilt from events alone is the ledger."""
