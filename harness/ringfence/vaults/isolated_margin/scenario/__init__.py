"""A scenario on the model and on a chain at once: carried out, watched, reported."""
