"""Polls of a session: secret ballots, with small-cell suppression of results by role."""
