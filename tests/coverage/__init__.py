"""Marks in the sources say exactly what was reached, in reverted calls too, and change no outcome."""
