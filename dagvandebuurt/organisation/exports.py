"""What organisers take along: one row for a person, in columns that explain themselves."""

from collections.abc import Iterable

from dagvandebuurt.attendance.queries import Attendance
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.spreadsheets import Cell
from dagvandebuurt.people.words import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.registration.models import PlaceStatus, Registration

STATUS_WORDS = {
    PlaceStatus.REQUESTED: "wacht op bevestiging",
    PlaceStatus.WAITLISTED: "wachtlijst",
    PlaceStatus.OFFERED: "plek aangeboden",
    PlaceStatus.CONFIRMED: "bevestigd",
    PlaceStatus.CANCELLED: "afgemeld",
}


def registration_headers() -> list[str]:
    return [_("Naam"), _("E-mailadres"), _("Rol"), _("Werkveld"), _("Buurt"), _("Status"), _("Aangemeld op")]


def registration_rows(registrations: Iterable[Registration]) -> list[list[Cell]]:
    return [
        [
            registration.person.name,
            registration.person.email,
            str(PARTICIPANT_ROLES[registration.person.participant_role]),
            str(DOMAINS[registration.person.domain]) if registration.person.domain else None,
            registration.person.neighbourhood,
            STATUS_WORDS[registration.status],
            registration.registered_at,
        ]
        for registration in registrations
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
        for attendance in attendances
    ]
