"""Q&A of a session: asking, supporting, moderating and answering questions; views for hall, desk and stage."""
