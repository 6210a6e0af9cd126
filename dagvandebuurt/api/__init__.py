"""Public read-only API (JSON) and embeddable pages, for other sites and programs."""
