"""Keeping it safe and fair: the spelregels that everybody agreed to."""
