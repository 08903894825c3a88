"""Where transactions go: one protocol, one module per kind of chain. Nothing else imports its library."""
