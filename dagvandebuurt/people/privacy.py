"""Retention of accounts, logins, links, mail preferences and mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Delete, delete, func, or_, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.personal_data import Rows
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.lifecycle import account_retention
from dagvandebuurt.people.lifecycle.data_export import plain_row
from dagvandebuurt.people.lifecycle.erasure import erase_in_batches
from dagvandebuurt.people.models import Invitation, LoginSession, PendingAction, Person, PersonalLink

COOKIE_DAYS = 60


def mail_to(person_id: UUID) -> Rows:
    """Return the mail that was sent to a person, or is queued."""
    address = db.session.scalar(select(Person.email).where(Person.id == person_id))
    table = Mail.__table__
    mine = select(table).where(func.lower(table.c.to) == (address or "").lower())
    return [plain_row(table, row) for row in db.session.execute(mine).mappings()]  # type: ignore[arg-type]


@retention_rule(
    "unconfirmed",
    order=10,
    what=_l("Een aanmelding die nooit bevestigd is"),
    why=_l("Om je de kans te geven op de knop in je mail te drukken."),
    until=_l("3 dagen"),
    days=3,
    in_pieces=True,
)
def never_confirmed(before: datetime) -> int:
    """Delete accounts whose address was never confirmed."""
    return erase_in_batches(
        lambda: select(Person.id).where(
            Person.email.is_not(None),
            Person.email_confirmed_at.is_(None),
            Person.created_at < before,
            Person.forgotten_at.is_(None),
        )
    )


@retention_rule(
    "account",
    order=20,
    what=_l("Je naam, e-mailadres, rol, werkveld, buurt en wat je bewaarde"),
    why=_l("Om je binnen te laten en je te mailen over de dag. Jij gaf ze zelf."),
    until=_l(
        "90 dagen nadat je voor het laatst binnen was. Twee weken ervoor waarschuwen we je. Staat er nog iets voor je open, dan blijft het tot je dat gehoord hebt; elk jaar vragen we of je dat wilt. Wie een taak heeft, blijft tot die ophoudt."
    ),
    days=account_retention.QUIET.days,
    in_pieces=True,
)
def not_seen_for_long(_before: datetime) -> int:
    """Erase inactive accounts without holds that were warned."""
    return erase_in_batches(lambda: account_retention.to_delete(now=clock.now()))


@retention_rule(
    "invitation",
    order=25,
    what=_l("Dat je gevraagd bent voor een taak"),
    why=_l("Om je een link te sturen waarmee je ja zegt."),
    until=_l("30 dagen nadat de uitnodiging ophield te werken"),
    days=30,
)
def old_invitations(before: datetime) -> int:
    return _rows(delete(Invitation).where(Invitation.expires_at < before))


@retention_rule(
    "login",
    order=30,
    what=_l("In welke browsers je bent ingelogd, en wanneer"),
    why=_l("Om je ingelogd te houden, en om je overal uit te kunnen loggen."),
    until=_l("Tot 60 dagen nadat je die browser voor het laatst gebruikte"),
    days=COOKIE_DAYS,
)
def old_logins(before: datetime) -> int:
    return _rows(delete(LoginSession).where(LoginSession.seen_at < before))


@retention_rule(
    "link",
    order=31,
    what=_l("Dat je een link per mail vroeg"),
    why=_l("Om een link maar één keer te laten werken."),
    until=_l("7 dagen nadat de link ophield te werken"),
    days=7,
)
def old_links(before: datetime) -> int:
    return _rows(delete(PersonalLink).where(PersonalLink.expires_at < before))


@retention_rule(
    "wish",
    order=32,
    what=_l("Wat je typte voordat je binnen was"),
    why=_l("Om het alsnog te doen zodra je binnen bent."),
    until=_l("7 dagen, of tot het gedaan is"),
    days=7,
)
def old_wishes(before: datetime) -> int:
    return _rows(
        delete(PendingAction).where(or_(PendingAction.made_at < before, PendingAction.done_at.is_not(None)))
    )


def _rows(statement: Delete) -> int:
    return db.session.execute(statement).rowcount  # type: ignore[attr-defined,no-any-return]


def what_belongs_to_no_account_goes(_now: datetime) -> None:
    """Delete invitations, and what people typed before they were in."""
    for kind in (Invitation, PendingAction):
        db.session.execute(delete(kind))
