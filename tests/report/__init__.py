"""Findings as data, words, pages and tests that fail on the broken vault."""
