"""Programme: editions, rounds, sessions, speakers, themes, publishing, import and export, calendars."""
