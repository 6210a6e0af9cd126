"""Calendar invitations by mail (iTIP, iMIP: RFC 5546, 6047): sessions are added, moved and cancelled in the
calendars of people who opted in."""

from datetime import datetime

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import in_words, speaking
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.parts.mail.compose import Invitation
from dagvandebuurt.people.mailer import Note, send_note
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.calendar.ical import Guest, invitation, withdrawal
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.registration.calendar_feeds import wants_invitations
from dagvandebuurt.registration.models import Entry, PlaceStatus, SessionChoice
from dagvandebuurt.registration.queries import certain_choices


def invite(entry: Entry, now: datetime) -> None:
    """Send an invitation for a session in which somebody has a place."""
    if not isinstance(entry, SessionChoice) or not _reaches(entry.person):
        return
    person, session = entry.person, entry.session

    def compose() -> Note:
        lines = [
            _("Je koos %(title)s, op %(when)s.", title=session.title, when=in_words(session.starts_at)),
            _("Bij deze mail zit een uitnodiging voor je agenda."),
        ]
        subject = _("Voor je agenda: %(title)s", title=session.title)
        return Note(subject, lines, _("Ga naar de sessie"), path_for("qanda.room", slug=session.slug))

    send_note(
        person, "invitation", compose, now=now, invitation=enclosed(session, person, now=now),
        dedupe_key=f"invite:{entry.id}:{session.sequence}:{now.timestamp():.3f}",
    )  # fmt: skip


def cancel(entry: Entry, now: datetime) -> None:
    """Cancel the invitation of a session that somebody left."""
    if not isinstance(entry, SessionChoice) or not _reaches(entry.person):
        return
    person, session = entry.person, entry.session

    def compose() -> Note:
        lines = [
            _("Je haalde %(title)s uit je programma.", title=session.title),
            _("Deze mail haalt de sessie ook uit je agenda."),
        ]
        subject = _("Uit je agenda: %(title)s", title=session.title)
        return Note(subject, lines, _("Ga naar mijn dag"), "/mijn")

    with speaking(person.language):
        taken = Invitation("CANCEL", withdrawal(session, _guest(person), now=now))
    send_note(
        person, "invitation", compose, now=now, invitation=taken,
        dedupe_key=f"uninvite:{entry.id}:{session.sequence}:{now.timestamp():.3f}",
    )  # fmt: skip


def invite_to_all(person: Person, *, now: datetime) -> int:
    """Send invitations for every session with a confirmed place, after opting in; return how many."""
    choices = [each for each in certain_choices(person.id) if each.session.ends_at > now]
    for choice in choices:
        invite(choice, now)
    return len(choices)


def enclosed(session: ProgrammeSession, person: Person, *, now: datetime) -> Invitation:
    """Return the calendar attachment for a mail about a session, in the reader's language."""
    method = "CANCEL" if session.status is SessionStatus.CANCELLED else "REQUEST"
    with speaking(person.language):
        return Invitation(method, invitation(session, _guest(person), now=now))


def enclosed_for(choice: SessionChoice, *, now: datetime) -> Invitation | None:
    """Return the attachment for people who opted in and have a confirmed place; None for all others."""
    if choice.status is not PlaceStatus.CONFIRMED or not _reaches(choice.person):
        return None
    return enclosed(choice.session, choice.person, now=now)


def _reaches(person: Person) -> bool:
    return person.email is not None and person.has_account and wants_invitations(person.id)


def _guest(person: Person) -> Guest:
    return Guest(person.name, person.email or "")
