"""Each quantity measures rightly; climbing beats drawing, and what it finds is short and repeatable."""
