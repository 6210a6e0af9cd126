"""Registration and attendance exports: one row per person, in self-explanatory columns."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from flask import Response

from dagvandebuurt.attendance.queries import Attendance, Day
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.spreadsheets import Cell, csv_bytes, xlsx_bytes
from dagvandebuurt.core.worker_pool import Breath
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.registration.models import CustomQuestion, PlaceStatus, Registration

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATUS_WORDS = {
    PlaceStatus.REQUESTED: "wacht op bevestiging",
    PlaceStatus.WAITLISTED: "wachtlijst",
    PlaceStatus.OFFERED: "plek aangeboden",
    PlaceStatus.CONFIRMED: "bevestigd",
    PlaceStatus.CANCELLED: "afgemeld",
}


def as_file(name: str, form: str, headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """Return a table as a download, `csv` or `xlsx`. `name` is ours, never a visitor's."""
    if form == "csv":
        response = Response(csv_bytes(headers, rows), content_type="text/csv; charset=utf-8")
    else:
        response = Response(xlsx_bytes(name, headers, rows), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def registration_headers(questions: Sequence[CustomQuestion] = ()) -> list[str]:
    """Return the headers, with a column for each custom question."""
    own = [_("Naam"), _("E-mailadres"), _("Rol"), _("Werkveld"), _("Buurt"), _("Status"), _("Aangemeld op")]
    return [*own, _("Taal"), _("Gekozen sessies"), *(question.label for question in questions)]


def registration_rows(
    registrations: Iterable[Registration],
    chosen: Mapping[UUID, str],
    answers: Mapping[UUID, Mapping[UUID, str]],
    questions: Sequence[CustomQuestion] = (),
) -> list[list[Cell]]:
    """Yield a row for each person, with their sessions and answers."""
    return [
        [
            registration.person.name,
            registration.person.email,
            str(PARTICIPANT_ROLES[registration.person.participant_role]),
            str(DOMAINS[registration.person.domain]) if registration.person.domain else None,
            registration.person.neighbourhood,
            STATUS_WORDS[registration.status],
            registration.registered_at,
            registration.person.language,
            chosen.get(registration.person_id),
            *(answers.get(registration.person_id, {}).get(question.id) for question in questions),
        ]
        for registration in Breath().over(registrations)
    ]


def attendance_headers() -> list[str]:
    return [
        _("Sessie"),
        _("Naam"),
        _("E-mailadres"),
        _("Rol"),
        _("Gast"),
        _("Eerst gezien"),
        _("Laatst gezien"),
        _("Minuten"),
    ]


def attendance_rows(attendances: Iterable[Attendance]) -> list[list[Cell]]:
    return [
        [
            attendance.session.title,
            attendance.person.name,
            attendance.person.email,
            str(PARTICIPANT_ROLES[attendance.person.participant_role]),
            not attendance.person.has_account,
            attendance.first_seen_at,
            attendance.last_seen_at,
            attendance.minutes,
        ]
        for attendance in Breath().over(attendances)
    ]


def day_headers(sessions: Iterable[ProgrammeSession]) -> list[str]:
    return [
        _("Naam"),
        _("E-mailadres"),
        _("Rol"),
        _("Gast"),
        _("Sessies"),
        _("Minuten samen"),
        *(f"{local(session.starts_at):%H.%M} {session.title}" for session in sessions),
    ]


def day_rows(days: Iterable[Day], sessions: Sequence[ProgrammeSession]) -> list[list[Cell]]:
    """Yield a row for each person with their minutes per session, empty where they were absent."""
    return [
        [
            day.person.name,
            day.person.email,
            str(PARTICIPANT_ROLES[day.person.participant_role]),
            not day.person.has_account,
            len(day.sessions),
            day.minutes,
            *(day.sessions.get(session.id) for session in sessions),
        ]
        for day in Breath().over(days)
    ]
