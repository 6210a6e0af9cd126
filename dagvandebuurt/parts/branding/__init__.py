"""Branding: the name, the logo and the colours of the event, on pages, in mails and in files."""
