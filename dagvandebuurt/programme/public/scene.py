"""Drawn picture above a session: the houses of the speakers, and in front of them the people themselves."""

from dataclasses import dataclass

from dagvandebuurt.parts.faces.facades import Facade, facade
from dagvandebuurt.programme.models import ProgrammeSession, Speaker

HOUSES, PEOPLE = 6, 5


@dataclass(frozen=True)
class Scene:
    """Houses from left to right, with who stands before them."""

    houses: tuple[Facade, ...]
    people: tuple[Speaker, ...]
    more: int  # people for whom there is no room


def scene_of(session: ProgrammeSession) -> Scene:
    """Return the scene of a session, the same each time.

    The house of an organisation is the one on its own page; the others are of this session alone.
    """
    people = list(dict.fromkeys([*session.speakers, *session.hosts]))
    known = dict.fromkeys(each.organisation.code for each in people if each.organisation)
    seeds = [*known, *(f"{session.slug}-{number}" for number in range(HOUSES))][:HOUSES]
    return Scene(tuple(map(facade, seeds)), tuple(people[:PEOPLE]), max(0, len(people) - PEOPLE))
