"""Each property finds its seeded bug, with few steps; a vault that is not isolated is found too."""
