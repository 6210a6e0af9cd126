"""Lessons: editorial workflow, revisions, sources, comments and bookmarks."""
