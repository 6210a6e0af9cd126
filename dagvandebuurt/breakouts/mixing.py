"""How people are divided over tables: a pure function, the same for the same people and seed.

The rule, the most important first:

1. Nobody sits alone, and a table has four to eight people wherever the number of people allows it.
2. Who chose each other (the same word, three people at most) stays together.
3. No table has people of one role only where another division can prevent it.
4. People of one place or theme, and people who met in an earlier round, are kept apart as far as possible.

Roles are dealt like cards, the rarest first, so each role is spread as evenly as the tables allow. After that
only people of the same role change places, so the fourth wish never costs anything of the third.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

FEWEST, MOST = 4, 8
AIM = 6  # people at a table
MOST_TOGETHER = 3  # so that also the smallest table has room for somebody else
ROUNDS = 3  # times that everybody is offered other places
OFFERS = 10  # places offered to each person each time
SAME_PLACE, SAME_THEME, MET_BEFORE = 2, 1, 8


@dataclass(frozen=True)
class Guest:
    """Somebody to be placed. Empty: unknown, which is like nothing else; `together` is a word they chose."""

    key: UUID
    role: str = ""
    place: str = ""
    theme: str = ""
    together: str = ""


@dataclass(eq=False)
class Spot:
    """A table that is being filled."""

    size: int
    guests: list[Guest] = field(default_factory=list)
    roles: Counter[str] = field(default_factory=Counter)

    def __len__(self) -> int:
        return len(self.guests)

    def add(self, guests: Iterable[Guest]) -> None:
        for guest in guests:
            self.guests.append(guest)
            self.roles[guest.role] += 1

    def take(self, guests: Iterable[Guest]) -> None:
        for guest in guests:
            self.guests.remove(guest)
            self.roles[guest.role] -= 1

    @property
    def is_of_one_kind(self) -> bool:
        return len(self) > 1 and max(self.roles.values()) == len(self)


def sizes_of(people: int) -> list[int]:
    """Return the sizes of the tables for so many people: about six each, differing by one at most; none for
    fewer than two."""
    if people < 2:
        return []
    tables = max(1, (people + 3) // AIM)
    return [people // tables + (place < people % tables) for place in range(tables)]


def mix(
    guests: Collection[Guest],
    *,
    seed: str,
    met: Mapping[UUID, Collection[UUID]] | None = None,
    breathe: Callable[[], None] = lambda: None,
) -> list[list[UUID]]:
    """Divide `guests` over tables; nobody is left out unless there is only one.

    `met` says with whom somebody sat before. `breathe` is called now and then, for a caller that may not
    hold up others.
    """
    chance = Random(seed)  # noqa: S311 - a fair division, no secret
    everybody = sorted(guests, key=lambda guest: guest.key)
    chance.shuffle(everybody)
    spots = [Spot(size) for size in sizes_of(len(everybody))]
    if not spots:
        return []
    blocks, singles = _by_choice(everybody)
    _place_blocks(spots, blocks)
    _deal(spots, singles)
    loose = {guest.key for guest in singles}
    _fill_short(spots, [*blocks, *([guest] for guest in singles)])
    _break_up(spots, loose)
    if len(spots) > 1:
        _spread(spots, loose, met or {}, chance, breathe)
    return [[guest.key for guest in spot.guests] for spot in spots if spot.guests]


def _by_choice(everybody: Sequence[Guest]) -> tuple[list[list[Guest]], list[Guest]]:
    """Return who stays together, and who comes alone. Too many with one word become several groups."""
    words: dict[str, list[Guest]] = defaultdict(list)
    for guest in everybody:
        if guest.together:
            words[guest.together].append(guest)
    blocks = []
    for chosen in words.values():
        parts = -(-len(chosen) // MOST_TOGETHER)
        blocks += [chosen[part::parts] for part in range(parts)]
    blocks = [block for block in blocks if len(block) > 1]
    bound = {guest.key for block in blocks for guest in block}
    return blocks, [guest for guest in everybody if guest.key not in bound]


def _place_blocks(spots: Sequence[Spot], blocks: Sequence[list[Guest]]) -> None:
    """Place those who stay together, the largest groups first, where most places are free."""
    for block in sorted(blocks, key=len, reverse=True):
        roles = {guest.role for guest in block}
        fits = [spot for spot in spots if len(spot) + len(block) <= spot.size]
        best = min(
            fits or spots,
            key=lambda spot: (
                -(spot.size - len(spot)) if fits else len(spot),
                sum(spot.roles[r] for r in roles),
            ),
        )
        best.add(block)


def _deal(spots: Sequence[Spot], singles: Sequence[Guest]) -> None:
    """Deal everybody else by role, the rarest role first, each to the table with fewest of that role."""
    by_role: dict[str, list[Guest]] = defaultdict(list)
    for guest in singles:
        by_role[guest.role].append(guest)
    for _role, there in sorted(by_role.items(), key=lambda pair: (len(pair[1]), pair[0])):
        for guest in there:
            free = [spot for spot in spots if len(spot) < spot.size]
            best = min(free, key=lambda spot: (spot.roles[guest.role], len(spot) / spot.size))
            best.add([guest])


def _fill_short(spots: Sequence[Spot], units: Sequence[list[Guest]]) -> None:
    """Bring a table that came out too small up to four, from tables that can spare it."""
    for short in spots:
        while 0 < len(short) < FEWEST or not short.guests:
            able = [
                (spot, unit)
                for spot in spots
                for unit in units
                if spot is not short
                and len(spot) - len(unit) >= FEWEST
                and len(short) + len(unit) <= MOST
                and unit[0] in spot.guests
            ]
            if not able:
                break
            spot, unit = min(
                able, key=lambda pair: (pair[0].is_of_one_kind, short.roles[pair[1][0].role], -len(pair[0]))
            )
            spot.take(unit)
            short.add(unit)


def _break_up(spots: Sequence[Spot], loose: Collection[UUID]) -> None:
    """Exchange two people wherever that makes a table of one role mixed, and no other of one role."""
    for alike in spots:
        if not alike.is_of_one_kind:
            continue
        ours = next((guest for guest in alike.guests if guest.key in loose), None)
        if ours is None:
            continue
        for spot in spots:
            theirs = _exchange(spot, ours, loose) if spot is not alike else None
            if theirs is not None:
                _swap(alike, ours, spot, theirs)
                break


def _exchange(spot: Spot, ours: Guest, loose: Collection[UUID]) -> Guest | None:
    """Return who of `spot` can go where `ours` comes from."""
    for theirs in spot.guests:
        if theirs.key in loose and theirs.role != ours.role:
            others = spot.roles[ours.role] + 1
            if others < len(spot):
                return theirs
    return None


def _swap(here: Spot, ours: Guest, there: Spot, theirs: Guest) -> None:
    here.take([ours])
    there.take([theirs])
    here.add([theirs])
    there.add([ours])


def _spread(
    spots: Sequence[Spot],
    loose: Collection[UUID],
    met: Mapping[UUID, Collection[UUID]],
    chance: Random,
    breathe: Callable[[], None],
) -> None:
    """Let people of the same role change places where that separates neighbours and acquaintances."""
    where = {guest.key: spot for spot in spots for guest in spot.guests}
    known = {key: frozenset(people) for key, people in met.items()}
    by_role: dict[str, list[Guest]] = defaultdict(list)
    for spot in spots:
        for guest in spot.guests:
            if guest.key in loose:
                by_role[guest.role].append(guest)
    for _round in range(ROUNDS):
        changed = 0
        for alike in by_role.values():
            for ours in alike if len(alike) > 1 else ():
                breathe()
                changed += _offer(ours, alike, where, known, chance)
        if not changed:
            break


def _offer(
    ours: Guest,
    alike: Sequence[Guest],
    where: dict[UUID, Spot],
    known: Mapping[UUID, frozenset[UUID]],
    chance: Random,
) -> bool:
    """Offer somebody other places, and take the first that is better for the two tables together."""
    here = where[ours.key]
    cost = _cost(ours, here, None, known)
    if not cost:
        return False
    for _offer in range(OFFERS):
        theirs = alike[int(chance.random() * len(alike))]
        there = where[theirs.key]
        if there is here:
            continue
        now = cost + _cost(theirs, there, None, known)
        if _cost(ours, there, theirs, known) + _cost(theirs, here, ours, known) < now:
            _swap(here, ours, there, theirs)
            where[ours.key], where[theirs.key] = there, here
            return True
    return False


def _cost(guest: Guest, spot: Spot, without: Guest | None, known: Mapping[UUID, frozenset[UUID]]) -> int:
    """Return how much somebody has in common with the others of a table."""
    total = 0
    place, theme, met = guest.place, guest.theme, known.get(guest.key, frozenset())
    for other in spot.guests:
        if other is guest or other is without:
            continue
        if place and other.place == place:
            total += SAME_PLACE
        if theme and other.theme == theme:
            total += SAME_THEME
        if other.key in met:
            total += MET_BEFORE
    return total
