"""Organiser's desk: registrations, attendance, mail, roles, and exports."""
