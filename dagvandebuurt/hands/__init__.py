"""People in a session who raise a hand to speak: a fair queue, and one turn at a time."""
