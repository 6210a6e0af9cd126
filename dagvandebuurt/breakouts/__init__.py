"""Breakout rounds: for some minutes the people in a session talk at small, mixed tables."""
