"""The pool by ERC-4626's own sentences, and under attack."""
