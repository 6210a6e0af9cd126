"""Mails about places and sessions: offers, lapsed offers, changes, reminders."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import in_words
from dagvandebuurt.core.text import in_threes
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.parts.mail.rules import delete_waiting
from dagvandebuurt.people.mailer import Note, send, send_note
from dagvandebuurt.people.models import LinkPurpose, Person
from dagvandebuurt.people.rules import make_link
from dagvandebuurt.programme.editing.snapshot import MOVES
from dagvandebuurt.programme.hooks import Change
from dagvandebuurt.programme.labels import place_in_words
from dagvandebuurt.programme.models import Edition, ProgrammeSession
from dagvandebuurt.programme.queries import code_of
from dagvandebuurt.registration.calendar_invitations import enclosed_for
from dagvandebuurt.registration.models import AccessNeed, Entry, PlaceStatus, Registration, SessionChoice
from dagvandebuurt.registration.queries import choices_in


def mail_offer(entry: Entry, now: datetime) -> None:
    """Offer a free place to somebody on the waiting list. The link logs them in until it is decided."""
    person = entry.person
    if person.email is None:
        return
    until = entry.offered_until
    lives = (until - now) if until else max(entry_begins(entry) - now, timedelta(minutes=10))
    token = make_link(person, LinkPurpose.PLACE, now=now, lives=lives)
    send(
        person,
        "place",
        "offered",
        dedupe_key=f"offered:{entry.id}:{now.timestamp():.3f}",
        now=now,
        title=_title(entry),
        begins=entry_begins(entry),
        until=until,
        is_theirs=entry.status is PlaceStatus.CONFIRMED,
        path=path_for("people.link", token=token),
    )


def mail_lapsed_offer(entry: Entry, now: datetime) -> None:
    """Notify that an offer lapsed; the next in line has the place."""
    key = f"lapsed:{entry.id}:{now.timestamp():.3f}"
    send(entry.person, "place", "lapsed", dedupe_key=key, now=now, title=_title(entry))


def mail_change(change: Change, now: datetime) -> None:
    """Notify that a chosen session was moved, relocated, cancelled or reinstated.

    Queued reminders of the old time are deleted. Not mailed are text edits, and another end while it is on.
    """
    if change.is_new or not change.names & MOVES:
        return
    session = change.session
    if change.names == {"ends_at"} and session.starts_at <= now:
        return  # it is on: who is inside reads it there, and calendars follow by themselves
    delete_waiting("reminder", session.id)
    for choice in choices_in(session):
        invitation = enclosed_for(choice, now=now)
        send_note(
            choice.person,
            "changed" if invitation is None else "invitation",
            lambda: note_of(change),
            now=now,
            invitation=invitation,
            dedupe_key=f"changed:{choice.id}:{session.sequence}",
        )


def note_of(change: Change) -> Note:
    """Describe what changed, with the reason that was given."""
    session, title = change.session, change.session.title
    if change.is_cancelled:
        subject = _("Gaat niet door: %(title)s", title=title)
        lines = [
            _("De sessie %(title)s van %(when)s gaat niet door.", title=title,
              when=in_words(change.before_starts_at)),
        ]  # fmt: skip
    elif change.is_back:
        subject = _("Gaat toch door: %(title)s", title=title)
        lines = [
            _("De sessie %(title)s gaat toch door, op %(when)s.", title=title,
              when=in_words(session.starts_at)),
        ]  # fmt: skip
    elif change.names & {"starts_at", "ends_at"}:
        subject = _("Andere tijd: %(title)s", title=title)
        lines = [
            _("De sessie %(title)s is verzet. Nieuwe tijd: %(when)s.", title=title,
              when=in_words(session.starts_at)),
            _("Eerst was dat: %(when)s.", when=in_words(change.before_starts_at)),
        ]  # fmt: skip
    else:
        subject = _("Andere plek: %(title)s", title=title)
        lines = [_("De sessie %(title)s is op een andere plek.", title=title)]
    if "venue" in change.names and session.venue is not None and not change.is_cancelled:
        lines.append(_("Je vindt hem hier: %(place)s.", place=place_in_words(session)))
    if change.note:
        lines.append(change.note)
    lines.append(_("Past het niet meer? Kies op je eigen pagina iets anders."))
    return Note(subject, lines, _("Ga naar mijn dag"), "/mijn")


def way_in_by_number() -> str:
    """Say where the number of a session opens its room, on any device and without an account."""
    return _(
        "Op een ander apparaat? Ga naar %(where)s en typ daar het nummer.",
        where=f"{current_app.config['PUBLIC_URL']}{path_for('registration.code')}",
    )


def remind_of_the_day(
    person: Person, edition: Edition, sessions: Sequence[ProgrammeSession], *, now: datetime
) -> None:
    """Remind of the day tomorrow, with their own programme."""

    def compose() -> Note:
        lines = [_("Morgen is %(event)s. Fijn dat je komt!", event=brand.name)]
        if sessions:
            lines += [_("Dit koos je:")]
            lines += [
                _("%(when)s: %(title)s. Nummer %(number)s.", when=in_words(session.starts_at), title=session.title,
                  number=in_threes(code_of(session)))
                for session in sessions
            ]  # fmt: skip
            lines += [way_in_by_number()]
        else:
            lines += [_("Je koos nog geen sessie. Dat kan nog.")]
        return Note(_("Morgen: %(event)s", event=brand.name), lines, _("Ga naar mijn dag"), "/mijn")

    key = f"day:{edition.id}:{person.id}:{edition.starts_at:%Y%m%d}"
    send_note(person, "reminder", compose, dedupe_key=key, now=now)


def remind_of_a_session(choice: SessionChoice, *, now: datetime) -> None:
    """Remind of a session within the hour: one button to it."""
    session = choice.session

    def compose() -> Note:
        lines = [
            _("%(title)s begint %(when)s.", title=session.title, when=in_words(session.starts_at)),
            _("De zaal gaat tien minuten eerder open. De knop brengt je er meteen naartoe."),
            _("Het nummer van deze sessie is %(number)s.", number=in_threes(code_of(session))),
            way_in_by_number(),
        ]
        subject = _("Straks: %(title)s", title=session.title)
        return Note(subject, lines, _("Ga naar de sessie"), path_for("qanda.room", slug=session.slug))

    # With its start in the key: a session that moves is announced anew.
    key = f"reminder:{session.id}:{choice.person_id}:{session.starts_at:%Y%m%d%H%M}"
    send_note(choice.person, "reminder", compose, dedupe_key=key, now=now)


def entry_begins(entry: Entry) -> datetime:
    """Return the start of the day or session of this place."""
    return entry.edition.starts_at if isinstance(entry, Registration) else entry.session.starts_at


def _title(entry: Entry) -> str:
    return entry.edition.title if isinstance(entry, Registration) else entry.session.title


def mail_need_arranged(need: AccessNeed, *, now: datetime) -> None:
    """Notify that access needs are arranged. How, is on their own page: others may read the mail."""

    def compose() -> Note:
        line = _("Je vroeg ons iets te regelen, zodat je mee kunt doen. Dat is gelukt.")
        more = _("Op je eigen pagina lees je hoe.")
        return Note(_("Het is geregeld"), [line, more], _("Ga naar mijn dag"), "/mijn")

    send_note(need.person, "access", compose, dedupe_key=f"arranged:{need.id}:{now.timestamp():.0f}", now=now)
