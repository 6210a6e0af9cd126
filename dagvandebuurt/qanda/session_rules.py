"""Commands on how asking goes in a session, and messages among those who run it."""

from uuid import uuid4

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.errors import AskingChanged
from dagvandebuurt.qanda.models import AskingRules, BackstageLine
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import asking_rules


@command(needs=QandaPermission.MODERATE)
def arrange(
    moderator: Actor,
    session: ProgrammeSession,
    *,
    is_open: bool | None = None,
    minutes_between: int | None = None,
    shows_first: bool | None = None,
    registered_only: bool | None = None,
    seen: int | None = None,
    at: Moment,
) -> AskingRules:
    """Open or close the questions, set the pause, choose who reads first. None leaves a setting as it is.

    `seen` is the revision of the settings on screen. Raises AskingChanged when a colleague changed the same
    setting since; without `seen`, when a colleague changed it at all.
    """
    asking = asking_rules(session.id)
    knobs = {"is_open": is_open, "minutes_between": minutes_between, "shows_first": shows_first}
    knobs["registered_only"] = registered_only
    wanted = {name: value for name, value in knobs.items() if value is not None}
    turned = max((asking.turned.get(name, 0) for name in wanted), default=0)
    by_another = asking.changed_by_id not in (None, moderator.id)
    if turned > (seen or 0) and (seen is not None or by_another):
        raise AskingChanged(by=name_of(asking.changed_by_id))
    for name, value in wanted.items():
        setattr(asking, name, value)
    if registered_only is not None:
        session.registered_only = registered_only
    asking.turned = asking.turned | dict.fromkeys(wanted, at.revision)
    asking.revision, asking.changed_by_id = at.revision, moderator.id
    db.session.add(asking)
    return asking


@command(needs=QandaPermission.BACKSTAGE)
def say_backstage(actor: Actor, session: ProgrammeSession, *, text: str, at: Moment) -> BackstageLine:
    """Send a message to the others who run this session. It never reaches the hall."""
    line = BackstageLine(
        id=uuid4(),
        session_id=session.id,
        revision=at.revision,
        author_id=actor.id,
        author_name=actor.name,
        text=text,
        at=at.now,
    )
    db.session.add(line)
    return line
