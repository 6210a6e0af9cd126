"""Attendance routes of the desk: live figures. People who are on no list only count in the totals."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.attendance.permissions import AttendancePermission
from dagvandebuurt.attendance.queries import Crowd, attendance_of, attendees_of, crowds_of, days_of
from dagvandebuurt.core import clock, worker_pool
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.live.presence import STILL_HERE
from dagvandebuurt.organisation.name_pages import Asked, name_page
from dagvandebuurt.organisation.permissions import OrganisationPermission
from dagvandebuurt.organisation.queries import groups_of, sessions_of, the_edition
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.people.labels import PARTICIPANT_ROLES
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug

UNKNOWN = "–"
FRESH_FOR = timedelta(seconds=5)  # a full day takes a second to count: not once for each organiser
COUNTING = worker_pool.Lane(at_once=1, most_waiting=50)


def _crowds(sessions: list[ProgrammeSession]) -> list[Crowd]:
    return crowds_of(sessions, since=clock.now() - STILL_HERE)


def _numbers(crowd: Crowd) -> dict[str, Any]:
    """Return the cells of one session, by column name."""
    return {
        "present": crowd.present,
        "visitors": crowd.visitors,
        "peak": UNKNOWN if crowd.peak is None else crowd.peak,
        "minutes": UNKNOWN if crowd.minutes is None else crowd.minutes,
    }


def _figures() -> tuple[datetime, dict[str, dict[str, Any]]]:
    """Return the time of counting and the figures of each session; cached for a moment for all organisers."""
    edition = the_edition(current_user.id)
    kept = _kept_figures(edition.id)
    if kept is None:
        with COUNTING.turn():  # concurrent requests wait for this count
            kept = _kept_figures(edition.id)
            if kept is None:
                crowds = _crowds(sessions_of(edition))
                kept = (clock.now(), {crowd.session.slug: _numbers(crowd) for crowd in crowds})
                current_app.extensions.setdefault("attendance_figures", {})[edition.id] = kept
    return kept


def _kept_figures(edition_id: UUID) -> tuple[datetime, dict[str, dict[str, Any]]] | None:
    """Return the cached figures of this edition: organisers work on different ones."""
    known: dict[UUID, tuple[datetime, dict[str, dict[str, Any]]]]
    known = current_app.extensions.setdefault("attendance_figures", {})
    kept = known.get(edition_id)
    is_fresh = kept is not None and timedelta() <= clock.now() - kept[0] < FRESH_FOR
    return kept if is_fresh else None


def _said(now: int) -> str:
    return ngettext("Nu is er %(num)s persoon in de zalen.", "Nu zijn er %(num)s mensen in de zalen.", now)


@bp.get("/organisatie/aanwezigheid")
@allows(OrganisationPermission.READ)
def attendance_now() -> ResponseReturnValue:
    at, figures = _figures()
    rows = [
        (session, figures[session.slug])
        for session in sessions_of(the_edition(current_user.id))
        if session.slug in figures  # one that was added since appears in a few seconds
    ]
    return render_template(
        "organisation/attendance.html",
        rows=rows,
        said=_said(sum(numbers["present"] for _session, numbers in rows)),
        at=at,
    )


@bp.get("/organisatie/aanwezigheid.json")
@allows(OrganisationPermission.READ)
def attendance_figures() -> ResponseReturnValue:
    """Serve the same figures as JSON. Numbers alone: nobody's name."""
    at, sessions = _figures()
    return jsonify(
        said=_said(sum(numbers["present"] for numbers in sessions.values())),
        at=clock.local(at).strftime("%H.%M"),
        sessions=sessions,
    )


@bp.get("/organisatie/aanwezigheid/mensen")
@allows(AttendancePermission.READ)
def attendees() -> ResponseReturnValue:
    """List everybody who was in a session of the day by name, with how many sessions and minutes."""
    sessions = sessions_of(the_edition(current_user.id))
    found = name_page(attendees_of(sessions), Asked.of(request.args))
    days = {day.person.id: day for day in days_of(attendance_of(sessions, people=found.things))}
    return render_template(
        "organisation/attendees.html",
        found=found,
        days=[days[person_id] for person_id in found.things if person_id in days],
        titles={session.id: session.title for session in sessions},
        role_words=PARTICIPANT_ROLES,
    )


@bp.get("/organisatie/sessies/<slug>/aanwezigheid")
@allows(AttendancePermission.READ)
def session_attendance(slug: str) -> ResponseReturnValue:
    """List the attendees of one session by name."""
    session = session_by_slug(current_user, slug)
    [crowd] = _crowds([session])
    groups = groups_of(crowd.roles, ParticipantRole)
    found = name_page(attendees_of([session]), Asked.of(request.args))
    by_person = {each.person.id: each for each in attendance_of([session], people=found.things)}
    return render_template(
        "organisation/session_attendance.html",
        session=session,
        numbers=_numbers(crowd),
        found=found,
        attendances=[by_person[person_id] for person_id in found.things if person_id in by_person],
        only_counted=crowd.visitors - found.everybody,
        groups=[(str(PARTICIPANT_ROLES[group.of]), group.count) for group in groups],
        role_words=PARTICIPANT_ROLES,
    )
