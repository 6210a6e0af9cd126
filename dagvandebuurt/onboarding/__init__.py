"""From an empty installation to an open day: the first administrator in a browser, and what is still missing."""
