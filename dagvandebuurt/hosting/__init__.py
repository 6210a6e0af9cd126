"""What the host and the speakers of a session see: what is on, what comes next, and how much time is left."""
