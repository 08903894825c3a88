"""A scenario on the model and on a chain at once: acted, watched, told."""
