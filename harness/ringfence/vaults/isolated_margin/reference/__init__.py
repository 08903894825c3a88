"""The reference model behind the seam of a vault."""
