"""Labels that the team of a session gives its questions, to sort them by. Never shown to the room."""
