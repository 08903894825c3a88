"""How good a search is: coverage of the Solidity sources, and mutation testing."""
