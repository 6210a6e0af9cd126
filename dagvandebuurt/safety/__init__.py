"""Danger: a moderator hides a question in one press, its asker gets phone numbers, and people on duty an alarm."""
