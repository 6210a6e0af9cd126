"""Broadcasts: one sentence from the organisers to everybody, on every page and in every live room."""
