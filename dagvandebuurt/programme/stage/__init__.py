"""Where a session is seen or heard: stream, meeting, recording."""
