"""Where transactions go: one protocol, and one module per kind of chain. Nothing else imports a chain's library."""
