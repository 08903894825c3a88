"""Tokens, feeds and wallets that misbehave hurt nobody but themselves."""
