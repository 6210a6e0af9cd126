"""The programme as iCalendar (RFC 5545) and links into other calendars."""
