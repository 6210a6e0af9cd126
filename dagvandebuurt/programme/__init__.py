"""The programme: editions, rounds, sessions, who speaks, about what, and the calendar files."""
