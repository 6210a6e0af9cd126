"""The mails about places: one is kept for you, and it was kept for too long."""

from datetime import datetime, timedelta

from dagvandebuurt.parts.mail.letter import write
from dagvandebuurt.parts.mail.rules import post
from dagvandebuurt.people.models import LinkPurpose
from dagvandebuurt.people.rules import make_link
from dagvandebuurt.registration.models import PlaceStatus, Registration
from dagvandebuurt.registration.places import Entry, when_lapsed, when_offered


@when_offered
def tell_of_a_place(entry: Entry, now: datetime) -> None:
    """A place came free for somebody who waited. The link brings them in until it is decided."""
    person = entry.person
    if person.email is None:
        return
    until = entry.offered_until
    lives = (until - now) if until else max(entry_begins(entry) - now, timedelta(minutes=10))
    token = make_link(person, LinkPurpose.PLACE, now=now, lives=lives)
    letter = write(
        "offered",
        to=person.email,
        to_name=person.name,
        language=person.language,
        title=_title(entry),
        begins=entry_begins(entry),
        until=until,
        is_theirs=entry.status is PlaceStatus.CONFIRMED,
        path=f"/link/{token}",
    )
    post(letter, dedupe_key=f"offered:{entry.id}:{now.timestamp():.3f}", now=now)


@when_lapsed
def tell_of_a_place_that_went(entry: Entry, now: datetime) -> None:
    """They said nothing in time; who waits next has it."""
    person = entry.person
    if person.email is None:
        return
    letter = write(
        "lapsed", to=person.email, to_name=person.name, language=person.language, title=_title(entry)
    )
    post(letter, dedupe_key=f"lapsed:{entry.id}:{now.timestamp():.3f}", now=now)


def entry_begins(entry: Entry) -> datetime:
    """When that begins for which it is a place."""
    return entry.edition.starts_at if isinstance(entry, Registration) else entry.session.starts_at


def _title(entry: Entry) -> str:
    return entry.edition.title if isinstance(entry, Registration) else entry.session.title
