"""Live items of the hall chat: how it goes, and its lines.

The hall gets neither hidden lines nor those of a session that is over: they are `gone`.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.chat.models import ChatLine, ChatRules
from dagvandebuurt.chat.queries import last_lines, lines_changed
from dagvandebuurt.chat.rules import EXTRA, OPEN_PHASES
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.live.items import Changes, Item
from dagvandebuurt.programme.models import ProgrammeSession


def by_of(line: ChatLine, *, at_desk: bool = False) -> dict[str, Any]:
    """Return who wrote it, in the form that the words for askers have. The desk may know a hidden name."""
    if line.name_hidden and not at_desk:
        return {"as": "name_hidden", "role": line.role.value}
    marks = ({"mark": line.mark} if line.mark else {}) | ({"hidden": True} if line.name_hidden else {})
    return {"as": "name", "name": line.name, "role": line.role.value, **marks}


def card(line: ChatLine, *, is_on: bool = True) -> Item:
    """Serialise a line for the hall; or that it is gone."""
    shared: Item = {"kind": "chat_line", "id": str(line.id), "revision": line.revision}
    if not is_on or not line.is_shown:
        return {**shared, "gone": True}
    return {**shared, "text": line.text, "by": by_of(line), "said_at": line.said_at.isoformat()}


def desk_card(line: ChatLine) -> Item:
    """Serialise a line for who runs the session, hidden or not."""
    if line.person_id is None:
        return card(line)
    shown: Item = {
        "kind": "chat_line",
        "id": str(line.id),
        "revision": line.revision,
        "text": line.text,
        "by": by_of(line, at_desk=True),
        "said_at": line.said_at.isoformat(),
    }
    return {**shown, "hidden_reason": line.hidden_reason}


def rules_card(rules: ChatRules, *, is_on: bool) -> Item:
    """Serialise how the hall chat goes, for everybody."""
    return {
        "kind": "chat",
        "id": str(rules.session_id),
        "revision": rules.revision,
        "open": rules.is_open and is_on,
        "over": not is_on,
        "seconds_between": rules.seconds_between,
    }


class ChatItems:
    """Live item source; asked only for rooms where the hall chat was ever turned on."""

    def changes(self, room_id: UUID, since: int) -> Changes:
        rules = db.session.get(ChatRules, room_id, populate_existing=True)
        session = db.session.get(ProgrammeSession, room_id)
        if rules is None or session is None:
            return Changes()
        is_on = session.phase_at(clock.now()) in OPEN_PHASES
        found = Changes()
        if rules.revision > (since or -1):
            found.hall.append(rules_card(rules, is_on=is_on))
            found.desk.append(rules_card(rules, is_on=is_on))
        if since > 0:
            lines: Sequence[ChatLine] = lines_changed(room_id, since)
            found.hall += [card(line, is_on=is_on) for line in lines]
        else:
            lines = last_lines(room_id, hidden_too=True)
            if is_on:
                found.hall += [card(line) for line in last_lines(room_id)]
        found.desk += [desk_card(line) for line in lines]
        return found

    def mine_of(self, room_id: UUID, actors: Sequence[Any]) -> list[dict[str, Any]]:
        return [{} for _ in actors]


SOURCE = ChatItems()
items.register(
    SOURCE,
    extra=EXTRA,
    versions=[(ChatRules.session_id, ChatRules.revision), (ChatLine.session_id, ChatLine.revision)],
)
