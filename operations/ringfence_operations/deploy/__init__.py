"""Deploying a market: plan, checks before it, transactions, manifest."""
