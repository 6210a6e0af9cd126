"""Being ready: checklists for each role, the technical check of speakers and hosts, and what to do when it goes
wrong."""
