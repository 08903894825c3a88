"""The model's formulas give the numbers that venues publish, each with its source."""
