"""The model's rules, its own properties on drawn books, its refusal of bad input."""
