"""Reading which hosts may show video in session pages: the settings, and what administrators changed since."""

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import selectinload

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.stage import shown_by
from dagvandebuurt.parts.stage.addresses import shown_host
from dagvandebuurt.parts.stage.protocol import Link, Room, Viewer
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.stage.models import StageHostChange, StageSource

Settings = Mapping[str, Any]
NOWHERE, NOBODY = Room("", "", ""), Viewer("", "", runs=False)


@dataclass(frozen=True)
class AllowedHost:
    """Host on the list. `sessions` lose their picture without it."""

    host: str
    is_pinned: bool
    sessions: Sequence[ProgrammeSession]

    @property
    def shown(self) -> str:
        """Return the name in letters where the host is punycode; empty where it is the same."""
        shown = shown_host(self.host)
        return shown if shown != self.host else ""


def pinned_hosts(settings: Settings) -> frozenset[str]:
    """Return the hosts that the server's settings name. The default ones are a beginning, and no more."""
    return frozenset(settings["STAGE_HOSTS"]) if settings["STAGE_HOSTS_PINNED"] else frozenset()


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """Return the hosts that may show video now. Read for each page, so every process follows at once."""
    rows = db.session.execute(
        select(StageHostChange.host, StageHostChange.is_allowed).order_by(StageHostChange.number)
    )
    last = {row.host: row.is_allowed for row in rows}
    hosts = {host for host in settings["STAGE_HOSTS"] if last.get(host, True)}
    hosts |= {host for host, is_allowed in last.items() if is_allowed}
    return frozenset(hosts) | pinned_hosts(settings)


def stage_settings(settings: Settings) -> Settings:
    """Return the settings with the hosts that may show video now."""
    now: dict[str, Any] = {"STAGE_HOSTS": allowed_hosts(settings)}
    return ChainMap(now, settings)  # type: ignore[arg-type]


def host_list(settings: Settings) -> list[AllowedHost]:
    """Return the allowed hosts in alphabetical order, each with the sessions that show something of it."""
    there = list(
        db.session.scalars(
            select(ProgrammeSession)
            .where(
                or_(
                    ProgrammeSession.stage_url.is_not(None),
                    exists().where(StageSource.session_id == ProgrammeSession.id),
                )
            )
            .options(selectinload(ProgrammeSession.sources))
            .order_by(ProgrammeSession.starts_at, ProgrammeSession.id)
        )
    )
    now, pinned = stage_settings(settings), pinned_hosts(settings)
    hosts: frozenset[str] = now["STAGE_HOSTS"]
    return [AllowedHost(host, host in pinned, _losing(there, now, host)) for host in sorted(hosts)]


def sessions_of_host(settings: Settings, host: str) -> Sequence[ProgrammeSession]:
    """Return the sessions that show something of a host that is allowed."""
    return next((each.sessions for each in host_list(settings) if each.host == host), ())


def _losing(sessions: list[ProgrammeSession], now: Settings, host: str) -> list[ProgrammeSession]:
    without = ChainMap({"STAGE_HOSTS": now["STAGE_HOSTS"] - {host}}, now)  # type: ignore[arg-type]
    return [session for session in sessions if any(_goes(each, now, without) for each in _addresses(session))]


def _addresses(session: ProgrammeSession) -> list[str]:
    return [each for each in (session.stage_url, *(source.address for source in session.sources)) if each]


def _goes(address: str, now: Settings, without: Settings) -> bool:
    """Tell whether an address becomes a link without the host."""
    _provider, shown = shown_by(now, address, NOWHERE, NOBODY)
    if isinstance(shown, Link):
        return False
    return isinstance(shown_by(without, address, NOWHERE, NOBODY)[1], Link)


def host_changes() -> list[tuple[StageHostChange, str]]:
    """Return all changes, the last first, each with the name of its maker (empty: erased)."""
    rows = db.session.execute(
        select(StageHostChange, Person.name)
        .outerjoin(Person, Person.id == StageHostChange.changed_by_id)
        .order_by(StageHostChange.number.desc())
        .limit(100)
    )
    return [(change, name or "") for change, name in rows]
