"""Views compiled to Python: what a view answers, as an expression over storage words, with guards."""
