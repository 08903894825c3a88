"""How fast things are, in actions per second of one core's time: run on an idle machine, never as a test."""
