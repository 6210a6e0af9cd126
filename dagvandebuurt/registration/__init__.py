"""Registration: places on the day and in its sessions, waiting lists, entry cards and calendar feeds."""
