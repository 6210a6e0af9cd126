"""Mails about accounts: login, confirmation, invitation, retention, security notices."""

import secrets
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.i18n import on_day, speaking
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.parts.mail.compose import Letter, write
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.parts.mail.rules import post
from dagvandebuurt.people.access.link_throttle import turn
from dagvandebuurt.people.hooks import handbook_paths
from dagvandebuurt.people.labels import ROLE_SENTENCES, ROLES, masked
from dagvandebuurt.people.lifecycle import account_retention
from dagvandebuurt.people.lifecycle.retention_holds import owed_to
from dagvandebuurt.people.models import Invitation, LinkPurpose, Person, PersonalLink
from dagvandebuurt.people.rules import make_link


def send_login_link(
    person: Person,
    *,
    now: datetime,
    wishes: UUID | None = None,
    guest_id: UUID | None = None,
    is_own: bool = False,
    content: str = "",
    link_id: UUID | None = None,
) -> bool:
    """Mail a login link, within the limits (`people.access.link_throttle`); return False if not now.

    `is_own`: asked for in a trusted browser. `content`: identifies the form that this link confirms.
    """
    assert person.email is not None
    when = turn(person, "login", is_own=is_own, content=content, now=now)
    if when is None:
        _rehearse(person.email, now=now)
        return False
    link_id = link_id or uuid4()
    token = make_link(
        person, LinkPurpose.LOGIN, now=when.at, wishes=wishes, guest_id=guest_id, link_id=link_id
    )
    letter = write(
        "login",
        to=person.email,
        to_name=person.name if person.has_account else "",
        language=person.language,
        path=path_for("people.link", token=token),
        whose=_whose(person),
        has_form=bool(content),
    )
    post(replace(letter, link_id=link_id), dedupe_key=when.dedupe_key, now=now, due_at=when.at)
    return True


def rehearse_login_link(address: str, *, now: datetime) -> None:
    """Do the work of a login link for an unknown address, so that the response time reveals no account
    (timing side channel, user enumeration). Nothing is stored."""
    turn(Person(id=uuid4(), name="", email=address), "login", is_own=False, now=now)
    _rehearse(address, now=now)


def _rehearse(address: str, *, now: datetime) -> None:
    letter = write(
        "login", to=address, to_name="", language="nl", path=path_for("people.link", token=secrets.token_urlsafe(32)),
        whose=masked(address), has_form=False,
    )  # fmt: skip
    key = f"nobody:{uuid4()}"
    post(letter, dedupe_key=key, now=now)
    db.session.execute(delete(PersonalLink).where(PersonalLink.token_hash == key))  # like a mail that is sent
    db.session.execute(delete(Mail).where(Mail.dedupe_key == key))


def send_invitation(invitation: Invitation, token: str, *, now: datetime) -> None:
    """Mail the invitation to a role. Contains no user input."""
    letter = write(
        "invited",
        to=invitation.email,
        to_name="",
        language="nl",
        role=ROLES[invitation.role],
        about=ROLE_SENTENCES[invitation.role],
        path=path_for("people.invitation", token=token),
        handbooks=[path for paths in handbook_paths(invitation.role) for path in paths],
    )
    post(replace(letter, link_id=invitation.id), dedupe_key=f"invited:{invitation.id}", now=now)


def mail_suspension(person: Person, *, now: datetime) -> None:
    """Mail that the account is suspended, and why."""
    if person.email is None:
        return
    letter = write(
        "suspended",
        to=person.email,
        to_name=person.name if person.has_account else "",  # an unconfirmed address gets no user input
        language=person.language,
        reason=person.suspended_reason,
    )
    post(letter, dedupe_key=f"suspended:{person.id}:{now.timestamp():.0f}", now=now)


def send_confirmation(
    person: Person,
    *,
    now: datetime,
    wishes: UUID | None = None,
    guest_id: UUID | None = None,
    is_own: bool = False,
    content: str = "",
    link_id: UUID | None = None,
    day: datetime | None = None,
    phone: str = "",
) -> bool:
    """Mail the link that confirms an address; return False if not now (`people.access.link_throttle`). `day` is
    when it begins that they registered for, `phone` is where they can ask.

    Contains no user input: anybody can enter somebody else's address (pretalx 2026.1, e-mail injection).
    """
    assert person.email is not None
    when = turn(person, "confirm", is_own=is_own, content=content, now=now)
    if when is None:
        return False
    link_id = link_id or uuid4()
    token = make_link(
        person, LinkPurpose.CONFIRM, now=when.at, wishes=wishes, guest_id=guest_id, link_id=link_id
    )
    letter = write(
        "confirm",
        to=person.email,
        to_name="",
        language=person.language,
        path=path_for("people.link", token=token),
        whose=_whose(person),
        day=day,
        phone=phone,
    )
    post(replace(letter, link_id=link_id), dedupe_key=when.dedupe_key, now=now, due_at=when.at)
    return True


def _whose(person: Person) -> str:
    """Return whose account a link opens. The name only if its owner confirmed the address."""
    address = masked(person.email or "")
    return f"{person.name} ({address})" if person.has_account else address


def warn_of_the_end(person_id: UUID) -> None:
    """Announce that the account is deleted in two weeks.

    People without an address of their own read it on their page. Mandatory: no preference stops it.
    """
    now = clock.now()
    person = db.session.get_one(Person, person_id)
    person.warned_at = now
    if not person.has_account or person.email is None:
        return
    with speaking(person.language):
        day = on_day(clock.local(now + account_retention.WARNED_BEFORE).date())
        letter = _note(
            person,
            _("We wissen je gegevens op %(day)s, of wil je blijven?", day=day),
            [
                _("Je was drie maanden niet op de site, en er staat niets meer voor je open."),
                _("Op %(day)s wissen we daarom je account: je naam, je adres en wat je bewaarde.", day=day),
                _(
                    "Wil je blijven? Druk op de knop. Inloggen hoeft niet. Doe je niets, dan wissen we het vanzelf."
                ),
            ],
            _("Ja, ik wil blijven"),
        )
    post(letter, dedupe_key=f"leaving:{person.id}:{now.date()}", now=now)


def ask_to_stay(person_id: UUID) -> None:
    """Ask once a year whether to stay, because something is still open. Names no question: others may read
    the mail."""
    now = clock.now()
    person = db.session.get_one(Person, person_id)
    person.asked_at = now
    with speaking(person.language):
        what = ", ".join(str(each.words) for each in owed_to(person.id))
        letter = _note(
            person,
            _("Wil je dit nog horen?"),
            [
                _("Er staat nog iets voor je open: %(what)s.", what=what),
                _("Daarom bewaren we je adres. Zodra er nieuws is, mailen we je."),
                _("Wil je het nog horen? Of hoeft het niet meer? Zeg het met één druk. Inloggen hoeft niet."),
            ],
            _("Kies: ja of nee"),
        )
    post(letter, dedupe_key=f"still:{person.id}:{now.date()}", now=now)


def _note(person: Person, subject: str, lines: list[str], button: str) -> Letter:
    assert person.email is not None
    return write(
        "note", to=person.email, to_name=person.name, language=person.language,
        subject=subject, lines=lines, button=button, path=account_retention.path_to_stay(person.id),
    )  # fmt: skip


WARNINGS = {
    "password": _l("Er is een nieuw wachtwoord gekozen voor jouw account."),
    "phone": _l("Er is een telefoon ingesteld om extra veilig in te loggen. Of er zijn nieuwe codes op papier gemaakt."),
    "phone lost": _l("De organisatie heeft de telefoon weggehaald waarmee je extra veilig inlogde. Je bent overal uitgelogd."),
    "role": _l("Jouw account heeft nu een taak erbij: %(role)s."),
    "role taken": _l("Jouw account heeft deze taak niet meer: %(role)s."),
    "codes": _l("Iemand kwam tot de laatste stap van het inloggen, en typte daar verkeerde codes."),
}  # fmt: skip


def warn_owner(person: Person, what: str, *, now: datetime, role: str = "") -> None:
    """Notify an owner of a change in how their account is accessed.

    Cannot be switched off; at most once a minute, and about failed codes once a day.
    """
    if person.email is None or not person.has_account:
        return
    with speaking(person.language):
        lines = [
            str(WARNINGS[what]).replace("%(role)s", role),
            _("Was jij dat? Dan hoef je niets te doen."),
            _("Was jij dat niet? Kijk dan waar je bent ingelogd, log alles uit, en bel ons."),
        ]
        subject, button = _("Er is iets veranderd aan je account"), _("Kijk waar ik ben ingelogd")
    letter = write(
        "note", to=person.email, to_name=person.name, language=person.language, subject=subject,
        lines=lines, button=button, path="/mijn/browsers",
    )  # fmt: skip
    slot = f"{now:%Y%m%d}" if what == "codes" else str(int(now.timestamp()) // 60)
    post(letter, dedupe_key=f"guard:{what}:{role}:{person.id}:{slot}"[:120], now=now)


def the_end(person: Person, day: date) -> Letter:
    """Write that the organisation stops, and on which day everything kept of this person is erased."""
    with speaking(person.language):
        said = {"event": brand.name, "day": on_day(day)}
        return _about_the_end(
            person,
            _("%(event)s stopt. Op %(day)s wissen we je gegevens", **said),
            [
                _("%(event)s stopt. Op %(day)s wissen we alle accounts.", **said),
                _("Weg gaan je naam, je adres en alles wat we van je bewaren. Je hoeft niets te doen."),
                _(
                    "Wat iedereen kon lezen, blijft te lezen zonder jouw naam: vragen en antwoorden, reacties,"
                    " actiepunten en voorbeelden. Sprekers blijven met naam in het programma."
                ),
                _(
                    "Wil je iets meenemen of weghalen? Doe dat voor %(day)s. Wil je iets anders? Mail ons.",
                    **said,
                ),
            ],
        )


def no_end(person: Person) -> Letter:
    """Write that the organisation goes on after all."""
    with speaking(person.language):
        subject = _("%(event)s gaat toch door", event=brand.name)
        return _about_the_end(
            person, subject, [_("We stoppen niet. Je account en je gegevens blijven zoals ze zijn.")]
        )


def _about_the_end(person: Person, subject: str, lines: list[str]) -> Letter:
    assert person.email is not None
    return write(
        "note", to=person.email, to_name=person.name if person.has_account else "", language=person.language,
        subject=subject, lines=lines, button=_("Bekijk mijn gegevens"), path="/mijn/gegevens",
    )  # fmt: skip
