"""Dividing people over tables: sizes, roles, who stays together, and who met before."""

from collections import Counter
from itertools import combinations
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from dagvandebuurt.breakouts.mixing import FEWEST, MOST, MOST_TOGETHER, Guest, mix, sizes_of


def crowd(*roles, **values):
    return [Guest(UUID(int=number + 1), role=role, **values) for number, role in enumerate(roles)]


@st.composite
def crowds(draw, most=45, words=("", "", "", "a", "b", "c", "d", "e")):
    roles = draw(st.lists(st.sampled_from("rspo"), max_size=most))
    return [
        Guest(
            UUID(int=number + 1),
            role=role,
            place=draw(st.sampled_from(["", "west", "oost"])),
            theme=draw(st.sampled_from(["", "zorg", "wonen"])),
            together=draw(st.sampled_from(words)),
        )
        for number, role in enumerate(roles)
    ]


SEEDS = st.text(max_size=5)
FEW = settings(max_examples=50, deadline=None)


def strangers(**values):
    return crowds(words=("",), **values)


@FEW
@given(crowds(), SEEDS)
def test_everybody_once_and_nobody_alone(guests, seed):
    tables = mix(guests, seed=seed)

    seated = [key for table in tables for key in table]
    assert sorted(seated) == sorted(guest.key for guest in guests if len(guests) > 1)
    assert all(1 < len(table) <= MOST for table in tables)


@FEW
@given(strangers(), SEEDS)
def test_four_to_eight_wherever_the_number_allows(guests, seed):
    tables = mix(guests, seed=seed)

    if len(guests) >= FEWEST:
        assert all(FEWEST <= len(table) <= MOST for table in tables)


@FEW
@given(crowds(), SEEDS)
def test_a_smaller_table_only_where_choices_leave_no_other(guests, seed):
    tables = mix(guests, seed=seed)

    if len(guests) >= FEWEST and min(map(len, tables)) < FEWEST:
        words = {guest.key: guest.together for guest in guests}
        spare = [table for table in tables if len(table) > FEWEST]
        alone = [key for table in spare for key in table if not words[key]]
        assert not alone


@FEW
@given(crowds(), SEEDS)
def test_same_people_and_seed_same_tables(guests, seed):
    assert mix(guests, seed=seed) == mix(list(reversed(guests)), seed=seed)


@FEW
@given(crowds(), SEEDS)
def test_who_chose_each_other_stay_together(guests, seed):
    tables = mix(guests, seed=seed)

    for word, number in Counter(guest.together for guest in guests if guest.together).items():
        if number <= MOST_TOGETHER and len(guests) > 1:
            ours = {guest.key for guest in guests if guest.together == word}
            assert any(ours <= set(table) for table in tables)


@FEW
@given(strangers(), SEEDS)
def test_no_table_of_one_kind_where_mixing_is_possible(guests, seed):
    tables = mix(guests, seed=seed)

    roles = {guest.key: guest.role for guest in guests}
    most = Counter(roles.values()).most_common(1)
    others = len(guests) - most[0][1] if most else 0
    of_one_kind = sum(len({roles[key] for key in table}) == 1 for table in tables)
    # Each person of another role can make one table mixed, and no more is possible.
    assert of_one_kind == max(0, len(tables) - others)


@FEW
@given(crowds(), SEEDS)
def test_no_exchange_would_mix_another_table(guests, seed):
    tables = mix(guests, seed=seed)

    roles = {guest.key: guest.role for guest in guests}
    words = Counter(guest.together for guest in guests if guest.together)
    bound = {guest.key for guest in guests if words[guest.together] > 1}

    def kinds(table):
        return len({roles[key] for key in table})

    for here, there in combinations(tables, 2):
        before = (kinds(here) == 1) + (kinds(there) == 1)
        if not before:
            continue
        for ours in set(here) - bound:
            for theirs in set(there) - bound:
                after = (kinds([*[k for k in here if k != ours], theirs]) == 1) + (
                    kinds([*[k for k in there if k != theirs], ours]) == 1
                )
                assert after >= before


def test_small_numbers():
    assert [sizes_of(number) for number in (0, 1, 2, 3, 5, 9, 11)] == [[], [], [2], [3], [5], [5, 4], [6, 5]]
    assert all(FEWEST <= size <= MOST for number in range(4, 2000) for size in sizes_of(number))


def test_places_are_spread_and_few_meet_again():
    guests = [
        Guest(
            UUID(int=number + 1),
            role="rspo"[number % 4],
            place=["west", "oost", "zuid", "noord"][number // 4 % 4],
        )
        for number in range(96)
    ]
    first = mix(guests, seed="een")
    met = {key: set(table) - {key} for table in first for key in table}

    second = mix(guests, seed="twee", met=met)

    again = sum(other in met[key] for table in second for key, other in combinations(table, 2))
    assert again == 0  # 96 people, 16 tables: it can be done, and it is
    places = {guest.key: guest.place for guest in guests}
    assert max(Counter(places[key] for key in table).most_common(1)[0][1] for table in first) <= 3


@settings(max_examples=2, deadline=None)
@given(SEEDS)
def test_sixteen_hundred_people(seed):
    calls = []
    guests = [
        Guest(
            UUID(int=number + 1),
            role="rrrrrspoaw"[number % 10],
            place=str(number % 37),
            theme=str(number % 9),
        )
        for number in range(1600)
    ]

    tables = mix(guests, seed=seed, breathe=lambda: calls.append(1))

    assert len(tables) == 267
    assert all(FEWEST <= len(table) <= MOST for table in tables)
    assert len(calls) <= 3 * 1600  # a bounded number of steps, however the people are
