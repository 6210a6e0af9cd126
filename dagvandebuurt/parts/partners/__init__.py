"""Partners of the event, with their logos, on the front page."""
