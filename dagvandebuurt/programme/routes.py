"""The programme, for everybody."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.text import folded, one_line, shortened
from dagvandebuurt.programme import calendar_links
from dagvandebuurt.programme.exports import ALARM_MINUTES, as_download, calendar_response, whole_programme
from dagvandebuurt.programme.models import Edition, Phase, ProgrammeSession, Round, Theme
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.queries import (
    current_edition,
    rounds_of,
    session_by_slug,
    sessions_for,
    with_everything,
)
from dagvandebuurt.programme.words import ACCESS, KINDS, LEVELS, PROMISES

bp = Blueprint("programme", __name__)


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {
        "session_kinds": KINDS,
        "promises": PROMISES,
        "access_words": ACCESS,
        "levels": LEVELS,
        "calendar_links": calendar_links,
    }


@bp.get("/programma")
@allows(ProgrammePermission.READ)
def index() -> ResponseReturnValue:
    edition = current_edition()
    if edition is None:
        return render_template("frontdoor/no_edition.html")
    sought = shortened(one_line(request.args.get("zoek")), 80)
    theme = request.args.get("thema", "")
    found = [s for s in _sessions(edition) if _matches(s, theme, sought)]
    now = clock.now()
    by_round: dict[UUID, list[ProgrammeSession]] = defaultdict(list)
    for session in found:
        by_round[session.round_id].append(session)
    rounds: list[tuple[Round, list[ProgrammeSession]]] = [
        (part, by_round[part.id]) for part in rounds_of(edition) if by_round[part.id]
    ]
    return render_template(
        "programme/index.html",
        rounds=rounds,
        themes=db.session.scalars(select(Theme).order_by(Theme.position)).all(),
        theme=theme,
        sought=sought,
        count=len(found),
        phases={session.id: session.phase_at(now) for session in found},
    )


def _sessions(edition: Edition) -> list[ProgrammeSession]:
    query = sessions_for(current_user).where(ProgrammeSession.edition_id == edition.id)
    return list(db.session.scalars(with_everything(query)))


def _matches(session: ProgrammeSession, theme: str, sought: str) -> bool:
    """Every word somewhere in titles, texts, themes or speakers, whatever its accents or case."""
    if theme and theme not in {each.code for each in session.themes}:
        return False
    haystack = folded(
        " ".join(
            [session.title, session.summary, session.abstract]
            + [each.label for each in session.themes]
            + [part.speaker.name for part in session.parts]
        )
    )
    return all(word in haystack for word in folded(sought).split())


@bp.get("/programma.ics")
@allows(ProgrammePermission.READ)
def calendar() -> ResponseReturnValue:
    """The whole programme, as a file or to subscribe to."""
    edition = current_edition()
    if edition is None:
        return calendar_response(_("Dag van de Buurt"), [], filename="dag-van-de-buurt.ics")
    whole = whole_programme(edition, lambda: _sessions(edition), alarm=_wants_alarm())
    return as_download(whole, filename="dag-van-de-buurt.ics")


def _wants_alarm() -> bool:
    return request.args.get("herinnering") == str(ALARM_MINUTES)


@bp.get("/sessies/<slug>")
@allows(ProgrammePermission.READ)
def show(slug: str) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    phase = session.phase_at(clock.now())
    return render_template(
        "programme/show.html",
        session=session,
        phase=phase,
        room_is_open=phase in (Phase.LOBBY, Phase.LIVE, Phase.ENDED),
        may_run=can(current_user, ProgrammePermission.RUN, session),
    )


@bp.get("/sessies/<slug>.ics")
@allows(ProgrammePermission.READ)
def session_calendar(slug: str) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    return calendar_response(session.title, [session], filename=f"{session.slug}.ics", alarm=_wants_alarm())
