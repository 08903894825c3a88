"""What of the Solidity sources a search has reached: statements, functions, both ways of conditions."""
