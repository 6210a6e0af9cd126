"""Setting up and checking an installation from a terminal: environment file, checks, first administrator."""
