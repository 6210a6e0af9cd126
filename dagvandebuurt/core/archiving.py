"""Whether a page is asked for the archive of an edition.

The archive asks for its pages in this process, through WSGI. The mark stands in the WSGI environment under a
name that no header can have, so no visitor can set it.
"""

from uuid import UUID

from flask import has_request_context, request

MARK = "dagvandebuurt.archive"


def archived_edition() -> UUID | None:
    """Return the edition whose archive this page is for; None on the live site."""
    found = request.environ.get(MARK) if has_request_context() else None
    return UUID(found) if found else None


def is_for_archive() -> bool:
    """Return whether this page is written down for years: it names no participant, and nothing can be done."""
    return archived_edition() is not None
