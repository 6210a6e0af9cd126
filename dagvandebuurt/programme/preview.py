"""Preview link: anyone who has it sees an edition as visitors will, before it is open.

The link carries a signed nonce of the edition, so it ends when that changes, also in browsers that opened it;
and nobody who reads the database alone can make one.
"""

from typing import Any
from uuid import UUID

from flask import g, has_request_context, request, session
from itsdangerous import BadData, URLSafeSerializer

from dagvandebuurt.core.archiving import archived_edition
from dagvandebuurt.core.db import db
from dagvandebuurt.core.signing import link_serializer
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import Edition

KEPT = "preview"  # in the cookie of the browser that opened the link
HIDDEN = (EditionStatus.DRAFT, EditionStatus.CLOSED)
# Pages that show the previewed edition. All others, and everything that is posted, are those of the real site.
PAGES = frozenset({
    "frontdoor.home",
    "programme.index",
    "programme.of_year",
    "programme.show",
    "programme.speakers",
    "programme.speaker",
    "programme.organisations",
    "programme.organisation",
})  # fmt: skip


def token_of(edition: Edition) -> str | None:
    """Return the token of the link to this edition; None without one."""
    if edition.preview_nonce is None or edition.status not in HIDDEN:
        return None
    return str(_serializer().dumps([edition.id.hex, edition.preview_nonce]))


def edition_of(token: Any) -> Edition | None:
    """Return the edition that a token opens; None when the token was never, or is no longer, good."""
    try:
        edition_id, nonce = _serializer().loads(token)
        edition = db.session.get(Edition, UUID(edition_id))
    except (BadData, TypeError, ValueError):
        return None
    if edition is None or edition.status not in HIDDEN or edition.preview_nonce != nonce:
        return None
    return edition


def previewed() -> Edition | None:
    """Return the edition that this request previews: only on the pages that show it."""
    if not has_request_context() or KEPT not in session:
        return None
    if request.endpoint not in PAGES or request.method not in ("GET", "HEAD"):
        return None
    if "previewed" not in g:
        g.previewed = edition_of(session[KEPT])
    found: Edition | None = g.previewed
    return found


def shown_instead() -> Edition | None:
    """Return the edition that this page shows in place of the current one: a preview, or that of an archive."""
    edition_id = archived_edition()
    return previewed() if edition_id is None else db.session.get(Edition, edition_id)


def _serializer() -> URLSafeSerializer:
    return link_serializer("edition preview")
