"""Stage of a session: stream, meeting and recordings."""
