"""Adopting regulations: which fit, what they start, where they meet others, what they would have changed, from when they hold."""
