"""Registration and attendance exports: one row per person, in self-explanatory columns. They name people only
when that was asked for."""

from collections.abc import Iterable, Mapping, Sequence
from secrets import SystemRandom
from uuid import UUID

from flask import Response

from dagvandebuurt.attendance.queries import Attendance, Day
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.spreadsheets import Cell, Meanings, csv_bytes, xlsx_bytes
from dagvandebuurt.core.worker_pool import Breath
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.people.models import Person
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


def as_file(
    name: str,
    form: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    meanings: Meanings = (),
) -> Response:
    """Return a table as a download that nobody stores on the way, `csv` or `xlsx`. `name` is ours, never a visitor's.

    `meanings` become the second sheet of a workbook.
    """
    if form == "csv":
        response = Response(csv_bytes(headers, rows), content_type="text/csv; charset=utf-8")
    else:
        response = Response(xlsx_bytes(name, headers, rows, meanings), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


class Numbers(dict[UUID, int]):
    """Number of each person in one nameless file, in an order that says nothing about their names."""

    def __init__(self, person_ids: Iterable[UUID]) -> None:
        known = list(dict.fromkeys(person_ids))
        SystemRandom().shuffle(known)
        super().__init__({person_id: number for number, person_id in enumerate(known, start=1)})


def registration_headers(questions: Sequence[CustomQuestion], *, named: bool) -> list[str]:
    """Return the headers; with names also what people typed themselves, a column for each custom question."""
    if not named:
        return [_("Rol"), _("Werkveld"), _("Status"), _("Dag van aanmelden"), _("Taal"), _("Gekozen sessies")]
    own = [_("Naam"), _("E-mailadres"), _("Rol"), _("Werkveld"), _("Buurt"), _("Status"), _("Aangemeld op")]
    return [*own, _("Taal"), _("Gekozen sessies"), *(question.label for question in questions)]


def registration_rows(
    registrations: Iterable[Registration],
    chosen: Mapping[UUID, str],
    answers: Mapping[UUID, Mapping[UUID, str]],
    questions: Sequence[CustomQuestion],
    *,
    named: bool,
) -> list[list[Cell]]:
    """Return a row for each person, with their sessions and answers.

    Without names: no neighbourhood and no answers, which may identify somebody, in random order.
    """
    rows: list[list[Cell]] = []
    for registration in Breath().over(registrations):
        person = registration.person
        role = str(PARTICIPANT_ROLES[person.participant_role])
        domain = str(DOMAINS[person.domain]) if person.domain else None
        status, sessions = STATUS_WORDS[registration.status], chosen.get(registration.person_id)
        if not named:
            day = local(registration.registered_at).date()
            rows.append([role, domain, status, day, person.language, sessions])
            continue
        said = answers.get(registration.person_id, {})
        rows.append(
            [
                person.name, person.email, role, domain, person.neighbourhood, status,
                registration.registered_at, person.language, sessions,
                *(said.get(question.id) for question in questions),
            ]
        )  # fmt: skip
    if not named:
        SystemRandom().shuffle(rows)
    return rows


def _who(named: bool) -> list[str]:
    return [_("Naam"), _("E-mailadres")] if named else [_("Deelnemer")]


def attendance_headers(*, named: bool) -> list[str]:
    times = [_("Eerst gezien"), _("Laatst gezien"), _("Minuten")]
    return [_("Sessie"), *_who(named), _("Rol"), _("Gast"), *times]


def attendance_rows(attendances: Sequence[Attendance], *, named: bool) -> list[list[Cell]]:
    """Return a row for each person in each session; without names a number that holds in this file only."""
    numbers = Numbers(each.person.id for each in attendances)
    rows: list[list[Cell]] = [
        [
            attendance.session.title,
            *_person(attendance.person, numbers, named=named),
            str(PARTICIPANT_ROLES[attendance.person.participant_role]),
            not attendance.person.has_account,
            attendance.first_seen_at,
            attendance.last_seen_at,
            attendance.minutes,
        ]
        for attendance in Breath().over(attendances)
    ]
    return rows if named else sorted(rows, key=lambda row: (str(row[0]), int(str(row[1]))))


def day_headers(sessions: Iterable[ProgrammeSession], *, named: bool) -> list[str]:
    return [
        *_who(named),
        _("Rol"),
        _("Gast"),
        _("Sessies"),
        _("Minuten samen"),
        *(f"{local(session.starts_at):%H.%M} {session.title}" for session in sessions),
    ]


def day_rows(days: Iterable[Day], sessions: Sequence[ProgrammeSession], *, named: bool) -> list[list[Cell]]:
    """Return a row for each person with their minutes per session, empty where they were absent."""
    found = list(days)
    numbers = Numbers(day.person.id for day in found)
    rows: list[list[Cell]] = [
        [
            *_person(day.person, numbers, named=named),
            str(PARTICIPANT_ROLES[day.person.participant_role]),
            not day.person.has_account,
            len(day.sessions),
            day.minutes,
            *(day.sessions.get(session.id) for session in sessions),
        ]
        for day in Breath().over(found)
    ]
    return rows if named else sorted(rows, key=lambda row: int(str(row[0])))


def _person(person: Person, numbers: Numbers, *, named: bool) -> list[Cell]:
    return [person.name, person.email] if named else [numbers[person.id]]
