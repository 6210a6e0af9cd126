"""A place on the day and in its sessions, and one's own calendar."""
