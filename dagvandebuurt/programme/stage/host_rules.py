"""Commands on the hosts that may show video in session pages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.programme.errors import HostAllowed, HostInUse, HostPinned, HostsChanged, TooManyHosts
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.stage.host_queries import allowed_hosts, pinned_hosts, sessions_of_host
from dagvandebuurt.programme.stage.models import StageHostChange

MOST_HOSTS = 50


@command(needs=ProgrammePermission.ALLOW_HOSTS)
def allow_host(
    actor: Actor, _subject: None, *, host: str, settings: Mapping[str, Any], now: datetime
) -> None:
    """Let a host show video from now on. Raises HostAllowed, TooManyHosts, HostsChanged."""
    there = allowed_hosts(settings)
    if host in there:
        raise HostAllowed
    if len(there) >= MOST_HOSTS:
        raise TooManyHosts
    _write(actor, host, is_allowed=True, now=now)


@command(needs=ProgrammePermission.ALLOW_HOSTS)
def forbid_host(
    actor: Actor, _subject: None, *, host: str, anyway: bool, settings: Mapping[str, Any], now: datetime
) -> None:
    """Let a host show nothing any more: its video becomes a link.

    `anyway`: also where sessions lose their picture. Raises NotFound, HostPinned, HostInUse, HostsChanged.
    """
    if host not in allowed_hosts(settings):
        raise NotFound
    if host in pinned_hosts(settings):
        raise HostPinned
    losing = sessions_of_host(settings, host)
    if losing and not anyway:
        raise HostInUse(titles=[session.title for session in losing])
    _write(actor, host, is_allowed=False, now=now)


def _write(actor: Actor, host: str, *, is_allowed: bool, now: datetime) -> None:
    newest = db.session.scalar(select(func.max(StageHostChange.number))) or 0
    db.session.add(
        StageHostChange(
            number=newest + 1, host=host, is_allowed=is_allowed, changed_at=now, changed_by_id=actor.id
        )
    )
    try:
        db.session.flush()
    except IntegrityError:  # two at once on PostgreSQL: the number is taken
        raise HostsChanged from None
