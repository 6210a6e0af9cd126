"""Routes of the changelog of the programme: page and Atom feed."""

from datetime import datetime
from typing import Any

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.programme.editing.diff import is_about_the_rest, news_of
from dagvandebuurt.programme.editing.load import published
from dagvandebuurt.programme.editing.overview import releases_of
from dagvandebuurt.programme.editing.snapshot import Plan
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.public.routes import bp
from dagvandebuurt.programme.queries import closed_edition, current_edition

IN_THE_FEED = 50


@bp.get("/programma/wijzigingen")
@allows(ProgrammePermission.READ)
def releases() -> ResponseReturnValue:
    edition = current_edition()
    if edition is None:
        return render_template("frontdoor/no_edition.html", closed=closed_edition())
    return render_template("programme/releases.html", **_told(edition))


@bp.get("/programma/wijzigingen.atom")
@allows(ProgrammePermission.READ)
def releases_feed() -> ResponseReturnValue:
    """Return the Atom feed (RFC 4287)."""
    edition = current_edition()
    told: dict[str, Any] = _told(edition) if edition is not None else {"versions": [], "first": 1}
    told["versions"] = told["versions"][:IN_THE_FEED]
    body = render_template(
        "programme/releases.xml",
        **told,
        updated=_newest(edition),
        edition_id=edition.id if edition is not None else None,
        public=current_app.config["PUBLIC_URL"],
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _told(edition: Edition) -> dict[str, Any]:
    """Return the releases with their changes, and the number of the version before all of them."""
    plan = published(edition)
    found = releases_of(edition)
    return {
        "versions": [(each, news_of(each.changes, plan), is_about_the_rest(each.changes)) for each in found],
        "slugs": _addresses(plan),
        "first": found[-1].number - 1 if found else edition.programme_version,
    }


def _addresses(plan: Plan) -> dict[Any, str]:
    return {key: session.slug for key, session in plan.sessions.items()}


def _newest(edition: Edition | None) -> datetime:
    """Return when something last changed: stable for the same programme."""
    if edition is None:
        return datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    found = releases_of(edition)
    if found:
        return found[0].published_at
    return (
        db.session.scalar(
            select(func.max(ProgrammeSession.changed_at)).where(ProgrammeSession.edition_id == edition.id)
        )
        or edition.registration_opens_at
    )
