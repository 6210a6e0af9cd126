"""Commands for after the day: the archive of an edition, and the end of an organisation."""
