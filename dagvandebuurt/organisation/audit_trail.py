"""Who did what: one read model over the append-only records of roles, exports, looks, settings and messages.

Nothing is copied: each page asks every source for its newest rows before a moment, and merges them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, union

from dagvandebuurt.broadcasts.models import Broadcast
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.mailings.labels import ACTIONS as MAILING_WORDS
from dagvandebuurt.mailings.models import Mailing, MailingAction, MailingChange
from dagvandebuurt.organisation.models import ExportDownload, NamedExport
from dagvandebuurt.parts.branding.models import Branding
from dagvandebuurt.people.labels import ROLES
from dagvandebuurt.people.models import AccessChange, HouseRules, Person, Role
from dagvandebuurt.phone_desk.labels import REASONS
from dagvandebuurt.phone_desk.models import LookDeed, PhoneLook
from dagvandebuurt.programme.editing.models import EditionAction, EditionChange
from dagvandebuurt.programme.models import Edition, ProgrammeRelease
from dagvandebuurt.programme.stage.models import StageHostChange
from dagvandebuurt.registration.models import AccessLook, AccessNeed
from dagvandebuurt.texts.models import SiteTextVersion

PER_PAGE = 50
MOST_PEOPLE = 200  # to choose from


class AuditKind(StrEnum):
    """Kind of deed, as its address says."""

    ROLES = "rollen"
    FILES = "bestanden"
    LOOKS = "inzage"
    SETTINGS = "instellingen"
    MESSAGES = "berichten"


KINDS = {
    AuditKind.ROLES: _l("Rollen en accounts"),
    AuditKind.FILES: _l("Bestanden"),
    AuditKind.LOOKS: _l("Gegevens bekeken"),
    AuditKind.SETTINGS: _l("Instellingen"),
    AuditKind.MESSAGES: _l("Berichten"),
}
_EDITION = {
    EditionAction.SHARE_PREVIEW: _l("Voorproef gedeeld"),
    EditionAction.END_PREVIEW: _l("Voorproef ingetrokken"),
    EditionAction.PLAN: _l("Opening gepland"),
    EditionAction.UNPLAN: _l("Geplande opening ingetrokken"),
    EditionAction.OPEN: _l("Editie geopend"),
    EditionAction.OPEN_AS_PLANNED: _l("Editie geopend, zoals gepland"),
    EditionAction.CLOSE: _l("Editie gesloten voor bezoekers"),
    EditionAction.ARCHIVE: _l("Editie afgesloten"),
}
_LOOKS = {
    LookDeed.SEARCHED: _l("Aan de telefoon gezocht"),
    LookDeed.OPENED: _l("Aan de telefoon gegevens geopend"),
    LookDeed.REGISTERED: _l("Aan de telefoon iemand aangemeld"),
    LookDeed.CHANGED: _l("Aan de telefoon gegevens veranderd"),
    LookDeed.LINK: _l("Aan de telefoon een link gestuurd"),
    LookDeed.CARD: _l("Aan de telefoon een kaart gemaakt"),
    LookDeed.SESSIONS: _l("Aan de telefoon sessies gekozen"),
    LookDeed.ASKED: _l("Aan de telefoon een vraag gesteld"),
}
_ACCOUNTS = {
    "suspended": _l("Account stilgezet"),
    "reinstated": _l("Account weer toegelaten"),
    "second factor reset": _l("Oude telefoon telt niet meer"),
}
_BY_SYSTEM = (MailingAction.START, MailingAction.FINISH, MailingAction.HOLD)


@dataclass(frozen=True)
class Said:
    """What a row says. `about` is what people typed or are called; `person_id` who it was done to, empty after
    they were erased where it `has_person`."""

    what: str
    about: str = ""
    person_id: UUID | None = None
    has_person: bool = False
    by_system: bool = False


@dataclass(frozen=True)
class AuditLine:
    """One deed. `by` is empty for somebody who is gone; `whom` for nobody in particular, or who is gone."""

    at: datetime
    id: UUID
    kind: AuditKind
    said: Said
    by: str
    whom: str


@dataclass(frozen=True)
class AuditPage:
    """Lines, the newest first, and the cursor of older ones where there are."""

    lines: Sequence[AuditLine]
    older: str = ""


@dataclass(frozen=True)
class _Source:
    kind: AuditKind
    model: Any
    at: Any
    by: Any
    say: Callable[[Any], Said]
    only: Callable[[Edition], Sequence[ColumnElement[bool]]] = lambda _edition: ()


def _access(row: AccessChange) -> Said:
    role = ROLES.get(Role(row.what[1:])) if row.what[1:] in set(Role) else None
    if role and row.what[0] in "+-":
        what = _("Rol gegeven") if row.what[0] == "+" else _("Rol afgenomen")
        return Said(f"{what}: {role}", person_id=row.person_id, has_person=True)
    return Said(
        str(_ACCOUNTS.get(row.what, _("Account veranderd"))), person_id=row.person_id, has_person=True
    )


def _phone(row: PhoneLook) -> Said:
    return Said(
        f"{_LOOKS[row.deed]}. {REASONS[row.reason]}", person_id=row.person_id, has_person=row.found is None
    )


def _edition_change(row: EditionChange) -> Said:
    return Said(str(_EDITION[row.action]), by_system=row.action is EditionAction.OPEN_AS_PLANNED)


def _host(row: StageHostChange) -> Said:
    return Said(
        _("Videosite toegestaan") if row.is_allowed else _("Videosite niet meer toegestaan"), row.host
    )


def _mailing(row: MailingChange) -> Said:
    mailing = db.session.get(Mailing, row.mailing_id)  # the page read them at once
    subject = mailing.subject if mailing else ""
    return Said(f"{_('Bericht')}: {MAILING_WORDS[row.action]}", subject, by_system=row.action in _BY_SYSTEM)


def _mailings_of(rows: Sequence[Any]) -> Sequence[Mailing]:
    ids = {row.mailing_id for row in rows if isinstance(row, MailingChange)}
    return db.session.scalars(select(Mailing).where(Mailing.id.in_(ids))).all() if ids else ()


def _of_mailings(edition: Edition) -> Sequence[ColumnElement[bool]]:
    return (MailingChange.mailing_id.in_(select(Mailing.id).where(Mailing.edition_id == edition.id)),)


def _of_needs(edition: Edition) -> Sequence[ColumnElement[bool]]:
    return (AccessLook.need_id.in_(select(AccessNeed.id).where(AccessNeed.edition_id == edition.id)),)


_SOURCES = (
    _Source(AuditKind.ROLES, AccessChange, AccessChange.at, AccessChange.by_id, _access),
    _Source(
        AuditKind.FILES, NamedExport, NamedExport.made_at, NamedExport.made_by_id,
        lambda row: Said(f"{_('Bestand met namen gedownload')}: {row.file}", row.reason),
    ),
    _Source(
        AuditKind.FILES, ExportDownload, ExportDownload.made_at, ExportDownload.made_by_id,
        lambda row: Said(_("Bestand gedownload: %(file)s, regels: %(rows)s", file=row.file, rows=row.row_count)),
    ),
    _Source(AuditKind.LOOKS, PhoneLook, PhoneLook.at, PhoneLook.by_id, _phone),
    _Source(
        AuditKind.LOOKS, AccessLook, AccessLook.at, AccessLook.by_id,
        lambda _row: Said(_("Gekeken wat iemand nodig heeft")), _of_needs,
    ),
    _Source(
        AuditKind.SETTINGS, EditionChange, EditionChange.at, EditionChange.by_id, _edition_change,
        lambda edition: (EditionChange.edition_id == edition.id,),
    ),
    _Source(
        AuditKind.SETTINGS, ProgrammeRelease, ProgrammeRelease.published_at, ProgrammeRelease.published_by_id,
        lambda row: Said(_("Programma gepubliceerd, versie %(number)s", number=row.number), row.note),
        lambda edition: (ProgrammeRelease.edition_id == edition.id,),
    ),
    _Source(
        AuditKind.SETTINGS, Branding, Branding.saved_at, Branding.saved_by_id,
        lambda row: Said(_("Naam en uiterlijk veranderd, versie %(number)s", number=row.number)),
    ),
    _Source(
        AuditKind.SETTINGS, SiteTextVersion, SiteTextVersion.made_at, SiteTextVersion.made_by_id,
        lambda row: Said(_("Tekst veranderd, versie %(number)s", number=row.number), row.page),
    ),
    _Source(
        AuditKind.SETTINGS, HouseRules, HouseRules.made_at, HouseRules.made_by_id,
        lambda row: Said(_("Spelregels veranderd, versie %(number)s", number=row.version)),
        lambda _edition: (HouseRules.made_at.is_not(None),),
    ),
    _Source(
        AuditKind.SETTINGS, StageHostChange, StageHostChange.changed_at, StageHostChange.changed_by_id, _host
    ),
    _Source(
        AuditKind.MESSAGES, MailingChange, MailingChange.at, MailingChange.by_id, _mailing, _of_mailings
    ),
    _Source(
        AuditKind.MESSAGES, Broadcast, Broadcast.said_at, Broadcast.said_by_id,
        lambda row: Said(_("Tegen iedereen gezegd"), row.text),
        lambda edition: (Broadcast.edition_id == edition.id,),
    ),
    _Source(
        AuditKind.MESSAGES, Broadcast, Broadcast.withdrawn_at, Broadcast.withdrawn_by_id,
        lambda row: Said(_("Weggehaald wat iedereen las"), row.text),
        lambda edition: (Broadcast.edition_id == edition.id, Broadcast.withdrawn_at.is_not(None)),
    ),
)  # fmt: skip


def audit_page(
    edition: Edition, *, kind: AuditKind | None = None, by_id: UUID | None = None, before: str = ""
) -> AuditPage:
    """Return one page of deeds, the newest first: those of this edition, and those that concern the whole site.

    `before` is the cursor of an earlier page: stable while the list grows. Raises NotFound for one we never gave.
    """
    edge = _read(before) if before else None
    found: list[tuple[datetime, UUID, _Source, Any]] = []
    for source in _SOURCES:
        if kind is None or source.kind is kind:
            found += [
                (getattr(row, source.at.key), row.id, source, row)
                for row in _rows(source, edition, by_id, edge)
            ]
    found.sort(key=lambda each: each[:2], reverse=True)
    shown = found[:PER_PAGE]
    _mailings = _mailings_of([row for _at, _id, _source, row in shown])  # held, so that they are read once
    said = [(each, each[2].say(each[3])) for each in shown]
    names = _names_of(
        {getattr(row, source.by.key) for _at, _id, source, row in shown}
        | {told.person_id for _each, told in said}
    )
    lines = [
        AuditLine(
            at=at,
            id=row_id,
            kind=source.kind,
            said=told,
            by=names.get(getattr(row, source.by.key), ""),
            whom=names.get(told.person_id, ""),
        )
        for (at, row_id, source, row), told in said
    ]
    more = len(found) > PER_PAGE
    return AuditPage(lines, older=f"{shown[-1][0].isoformat()}_{shown[-1][1].hex}" if more else "")


def people_who_did(edition: Edition) -> Mapping[UUID, str]:
    """Return who did anything of it and is still there, by name."""
    did = union(
        *(select(source.by).where(source.by.is_not(None), *source.only(edition)) for source in _SOURCES)
    )
    rows = db.session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(did), Person.forgotten_at.is_(None))
        .order_by(Person.name, Person.id)
        .limit(MOST_PEOPLE)
    )
    return {row.id: row.name for row in rows}


def _rows(
    source: _Source, edition: Edition, by_id: UUID | None, edge: tuple[datetime, UUID] | None
) -> Sequence[Any]:
    query = select(source.model).where(*source.only(edition))
    if by_id is not None:
        query = query.where(source.by == by_id)
    if edge is not None:
        at, row_id = edge
        query = query.where(or_(source.at < at, and_(source.at == at, source.model.id < row_id)))
    return db.session.scalars(
        query.order_by(source.at.desc(), source.model.id.desc()).limit(PER_PAGE + 1)
    ).all()


def _names_of(ids: set[UUID | None]) -> Mapping[UUID | None, str]:
    known = [each for each in ids if each is not None]
    rows = db.session.execute(
        select(Person.id, Person.name).where(Person.id.in_(known), Person.forgotten_at.is_(None))
    )
    return {row.id: row.name for row in rows}


def _read(cursor: str) -> tuple[datetime, UUID]:
    at, _sep, row_id = cursor.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise NotFound
        return moment.astimezone(UTC), UUID(row_id)
    except (ValueError, OverflowError):  # the year 1, in a zone ahead of UTC
        raise NotFound from None
