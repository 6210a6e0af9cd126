"""Polls: what a room thinks, in numbers nobody can be found behind."""
