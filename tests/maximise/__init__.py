"""Each quantity measures rightly; annealing beats drawing, and what it finds is short and repeatable."""
