"""Attendance: visits from heartbeats, attendance lists and certificates."""
