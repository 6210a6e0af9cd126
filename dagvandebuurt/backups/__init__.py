"""Backup, restore, move between databases, and the drill that shows that a backup can be restored.

A backup is a logical copy: rows in one portable form, read in one snapshot while people write. So it is the
same for SQLite and PostgreSQL, and a move from one to the other is a restore without a file in between.
Whatever is put in place is first built and checked beside it (`staging`).
"""


class BackupProblem(Exception):
    """Why it cannot be done, in one sentence that says what to do. Nothing was changed."""
