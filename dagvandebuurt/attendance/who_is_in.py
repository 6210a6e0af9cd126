"""Who is in a session now, by participant role and by neighbourhood: numbers from which nobody can be worked out.

- Only groups of ten and more are told (`core.small_cell_suppression.safe`), in tens, rounded down.
- They are counted again when the number of people inside changed by ten: of two looks, before and after one
  person came in, the second tells nothing new.
- People who are on no attendance list are in the total and in no role or place: a list of the others is known
  to organisers, so what is left over would be theirs. Readers without a name are a group of their own.
"""

from collections import Counter
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.attendance.queries import absent_from, present_in, recent_visitors
from dagvandebuurt.core.db import db
from dagvandebuurt.core.small_cell_suppression import STEP, safe
from dagvandebuurt.people.models import Person

READERS = "readers"
NOT_TOLD = ""


@dataclass(frozen=True)
class WhoIsIn:
    """Numbers of one moment, largest first. `present` is everybody, also who is in no group.

    `roles` is by the value of a participant role, and READERS for who reads along without a name.
    """

    present: int
    roles: Mapping[str, int]
    places: Mapping[str, int]


def who_is_in(session_id: UUID, known: MutableMapping[UUID, WhoIsIn], *, since: datetime) -> WhoIsIn:
    """Return who was seen in this session since `since`; as it was counted before (`known`) until the number of
    people changed by `STEP`.
    """
    present = present_in([session_id], since=since).get(session_id, 0)
    before = known.get(session_id)
    if before is None or abs(present - before.present) >= STEP:
        before = known[session_id] = _count(session_id, present, since=since)
    return before


def _count(session_id: UUID, present: int, *, since: datetime) -> WhoIsIn:
    named = present_in([session_id], since=since, named=True).get(session_id, 0)
    listed = recent_visitors(session_id, since=since)
    here = listed - absent_from(session_id, listed, since=since)
    roles: Counter[str] = Counter()
    places: Counter[str] = Counter()
    for role, place in db.session.execute(
        select(Person.participant_role, Person.neighbourhood).where(Person.id.in_(here))
    ):
        roles[role.value] += 1
        places[(place or NOT_TOLD).strip()] += 1
    told = roles.total()
    roles[READERS] = present - named
    roles[NOT_TOLD] = max(0, named - told)
    places[NOT_TOLD] += max(0, present - told)
    return WhoIsIn(present, _in_tens(roles), _in_tens(places))


def _in_tens(numbers: Mapping[str, int]) -> dict[str, int]:
    return {name: number // STEP * STEP for name, number in safe(numbers).items() if name != NOT_TOLD}
