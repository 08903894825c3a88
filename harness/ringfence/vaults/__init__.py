"""One module per known vault: how its functions are called, and how its state is read."""
