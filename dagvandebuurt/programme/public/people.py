"""Lists of the speakers and organisations in a programme."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dagvandebuurt.core.text import folded
from dagvandebuurt.parts.faces.facades import Facade, facade
from dagvandebuurt.parts.faces.faces import Face, face
from dagvandebuurt.programme.public.published import Day, Item, Who


@dataclass(frozen=True)
class InIt:
    """Speaker or organisation with their sessions, in the order of the day."""

    code: str
    name: str
    about: str
    items: Sequence[Item]
    leads: frozenset[str] = frozenset()  # slugs of the sessions where they lead the conversation

    @property
    def face(self) -> Face:
        return face(self.code)

    @property
    def facade(self) -> Facade:
        return facade(self.code)


def speakers_in(day: Day) -> list[InIt]:
    """Return all speakers, by name."""
    found: dict[str, tuple[Who, list[Item]]] = {}
    for item in day.items:
        for who in dict.fromkeys(item.speakers + item.hosts):
            found.setdefault(who.code, (who, []))[1].append(item)
    return _by_name(
        InIt(
            who.code,
            who.name,
            ", ".join(filter(None, (who.function, who.organisation))),
            items,
            frozenset(item.slug for item in items if who in item.hosts),
        )
        for who, items in found.values()
    )


def organisations_in(day: Day) -> list[InIt]:
    """Return all organisations with a speaker, by name."""
    found: dict[str, tuple[str, dict[Item, None]]] = {}
    for item in day.items:
        for who in item.speakers + item.hosts:
            if who.organisation_code:
                found.setdefault(who.organisation_code, (who.organisation or "", {}))[1][item] = None
    return _by_name(InIt(code, name, "", list(items)) for code, (name, items) in found.items())


def _by_name(found: Iterable[InIt]) -> list[InIt]:
    return sorted(found, key=lambda each: folded(each.name))
