"""View models of breakout rounds: of the live room, of one's own table, of its video, and of the desk."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

from flask import current_app

from dagvandebuurt.breakouts.mixing import Guest
from dagvandebuurt.breakouts.models import (
    BreakoutGroup,
    BreakoutLine,
    BreakoutRound,
    BreakoutSeat,
    BreakoutWish,
    SeatStatus,
)
from dagvandebuurt.breakouts.queries import (
    Standing,
    lines_of,
    newest_round,
    people_at,
    removals_at,
    seat_of,
    state_of,
    tables_of,
    wish_of,
)
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.pseudonyms import fingerprint, pseudonym
from dagvandebuurt.parts.stage import shown_by
from dagvandebuurt.parts.stage.bbb import BigBlueButton
from dagvandebuurt.parts.stage.protocol import Nothing, Room, Shown, Viewer
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import Phase, ProgrammeSession


@dataclass(frozen=True)
class RoomView:
    """What somebody in the live room reads about the tables. `table`: the number of their own."""

    state: str  # none, soon, seat, here, join
    table: int | None = None
    round: BreakoutRound | None = None


def room_view(actor: Any, session: ProgrammeSession, now: datetime) -> RoomView:
    state, newest = state_of(session.id), newest_round(session.id)
    if newest is None:
        is_announced = state is not None and session.phase_at(now) is not Phase.ENDED
        return RoomView("soon" if is_announced else "none")
    if newest.is_over(now):
        return RoomView("none", None, newest)
    seat = seat_of(newest.id, actor.id)
    if seat is None or seat.is_away:
        return RoomView("join", None, newest)
    number = db.session.get_one(BreakoutGroup, seat.group_id).number
    return RoomView("here" if seat.status is SeatStatus.HERE else "seat", number, newest)


@dataclass(frozen=True)
class TableView:
    """The page of a table, as one person sees it. People and note only for people who sit there."""

    round: BreakoutRound | None
    is_over: bool = True
    takes_lines: bool = False
    seat: BreakoutSeat | None = None
    group: BreakoutGroup | None = None
    here: Sequence[BreakoutSeat] = ()
    coming: int = 0
    lines: Sequence[BreakoutLine] = ()
    wish: BreakoutWish | None = None
    minutes_left: int = 0
    helper: str | None = None
    removals: int = 0  # from this table: each gives its video another meeting

    @property
    def is_here(self) -> bool:
        return self.seat is not None and self.seat.status is SeatStatus.HERE

    @property
    def is_placed(self) -> bool:
        return self.seat is not None and not self.seat.is_away

    @property
    def is_removed(self) -> bool:
        return self.seat is not None and self.seat.status is SeatStatus.REMOVED


def table_view(actor: Any, session: ProgrammeSession, now: datetime) -> TableView:
    newest = newest_round(session.id)
    wished = wish_of(session.id, actor.id)
    if newest is None:
        return TableView(None, wish=wished)
    seat = seat_of(newest.id, actor.id)
    shared: dict[str, Any] = {
        "is_over": newest.is_over(now),
        "seat": seat,
        "wish": wished,
        "minutes_left": _minutes_left(newest, now),
    }
    if seat is None or seat.is_away:
        return TableView(newest, **shared)
    group = db.session.get_one(BreakoutGroup, seat.group_id)
    there = people_at(group.id)
    here = [each for each in there if each.status is SeatStatus.HERE]
    if seat.status is not SeatStatus.HERE:
        return TableView(newest, group=group, coming=len(there) - 1, **shared)
    return TableView(
        newest,
        takes_lines=newest.takes_lines(now),
        group=group,
        here=here,
        coming=len(there) - len(here),
        lines=lines_of(session.id, group.id),
        removals=_removed_from(group),
        helper=name_of(group.helper_id) if group.helper_id else None,
        **shared,
    )


def _minutes_left(newest: BreakoutRound, now: datetime) -> int:
    return max(0, ceil((newest.over_at - now).total_seconds() / 60))


def _removed_from(group: BreakoutGroup) -> int:
    return sum(not each.is_back for each in removals_at(group.id))


# --- video ---


def _name_of_meeting(session: ProgrammeSession, group: BreakoutGroup) -> str:
    """Return a name that nobody can guess, the same for everybody at the table.

    Another one after somebody was removed: their token lets them into the meeting that the others left.
    """
    removed = _removed_from(group)
    what = b"breakout" + group.id.bytes + (str(removed).encode() if removed else b"")
    return f"tafel-{fingerprint(session.id, what)}"


def _meeting_room(session: ProgrammeSession, group: BreakoutGroup) -> Room:
    back = f"{current_app.config['PUBLIC_URL']}/sessies/{session.slug}/tafel"
    return Room(str(session.id), f"{session.title}: {_('tafel')} {group.number}", back)


def _viewer(actor: Any, session: ProgrammeSession) -> Viewer:
    return Viewer(actor.name, pseudonym(session.id, "breakout-video", actor.id), runs=False)


def video_of(actor: Any, session: ProgrammeSession, group: BreakoutGroup) -> Shown:
    """Return the video meeting of a table with one of the providers of this site; Nothing without one."""
    name, url = _name_of_meeting(session, group), current_app.config["JITSI_URL"]
    address = f"{url}/{name}" if url else f"bbb:{name[:40]}" if current_app.config["BBB_URL"] else None
    if address is None:
        return Nothing()
    return shown_by(current_app.config, address, _meeting_room(session, group), _viewer(actor, session))[1]


def way_into_video(actor: Any, session: ProgrammeSession, group: BreakoutGroup) -> str:
    """Return this person's address to join the BigBlueButton meeting of a table. Raises MeetingAway."""
    server = BigBlueButton(current_app.config["BBB_URL"], current_app.config["BBB_SECRET"])
    name = _name_of_meeting(session, group)[:40]
    return server.way_into_open(name, _meeting_room(session, group), _viewer(actor, session))


# --- the desk ---


@dataclass(frozen=True)
class Division:
    """How a division would turn out, in numbers: no moderator chooses who sits with whom."""

    people: int
    sizes: Sequence[int]
    roles: int = 0  # different roles at the table with the fewest
    places: int = 0
    together: int = 0


@dataclass(frozen=True)
class DeskView:
    round: BreakoutRound | None
    is_announced: bool = False
    is_over: bool = True
    minutes_left: int = 0
    tables: Sequence[Standing] = ()
    calls: Sequence[BreakoutGroup] = ()
    helpers: dict[UUID, str] = field(default_factory=dict)


def division(guests: Sequence[Guest], plan: Sequence[Sequence[UUID]]) -> Division:
    known = {guest.key: guest for guest in guests}
    words = Counter(guest.together for guest in guests if guest.together)
    return Division(
        sum(map(len, plan)),
        [len(people) for people in plan],
        min((len({known[key].role for key in people}) for people in plan), default=0),
        len({guest.place for guest in guests if guest.place}),
        sum(number for number in words.values() if number > 1),
    )


def desk_view(session: ProgrammeSession, now: datetime) -> DeskView:
    newest = newest_round(session.id)
    if newest is None:
        return DeskView(None, state_of(session.id) is not None)
    is_over = newest.is_over(now)
    tables = tables_of(newest.id)
    calls = [each.group for each in tables if each.group.calls and not is_over]
    helpers = {
        each.group.helper_id: name_of(each.group.helper_id) or ""
        for each in tables
        if each.group.helper_id is not None
    }
    return DeskView(
        newest,
        True,
        is_over,
        _minutes_left(newest, now),
        tables,
        sorted(calls, key=lambda group: (group.called_at or now, group.number)),
        helpers,
    )
