"""Transactions: keys, fees, a journal on disk, and an outbox that sends each one once."""
