"""How a vault is searched: systems, searches, generators, corpus, shrinking, findings, replay, workers."""
