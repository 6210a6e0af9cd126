"""Calendars: the programme as iCalendar (RFC 5545), and links to add it to other calendars."""
