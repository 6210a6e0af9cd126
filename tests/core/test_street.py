"""Drawn street: the same for everybody, true to the number, and never darker when more people come."""

from itertools import pairwise

import pytest

from dagvandebuurt.parts.street.facade import BLOCK_WIDTH
from dagvandebuurt.parts.street.street import Street, street, windows_lit


def lit_windows(drawn: Street) -> set[str]:
    """The lit windows by block and place, as the page would draw them."""
    return {
        f"{number} {window.d}"
        for number, block in enumerate(drawn.blocks)
        for window in block.windows
        if window.at < drawn.lit
    }


@pytest.mark.parametrize(
    ("people", "lit"), [(-3, 0), (0, 0), (1, 1), (10, 1), (11, 2), (214, 22), (1600, 160)]
)
def test_a_window_is_lit_for_every_ten_people_that_have_begun(people, lit):
    assert windows_lit(people, 160) == lit


def test_more_people_than_windows_light_all_windows():
    full = street("klinkers", 99_000, expected=1600)

    assert full.lit == full.windows == 160


def test_as_many_windows_are_drawn_lit_as_there_are_lights():
    drawn = street("sterrenhof", 873, expected=1600)

    assert len(lit_windows(drawn)) == drawn.lit == 88


def test_a_lit_window_never_goes_dark_when_more_people_come():
    before: set[str] = set()
    for people in range(0, 1700, 10):
        now = lit_windows(street("sterrenhof", people, expected=1600))

        assert before <= now
        before = now
    assert len(before) == 160


def test_people_do_not_change_the_layout():
    empty, full = street("zuidrand", 0, expected=400), street("zuidrand", 400, expected=400)

    assert empty.blocks == full.blocks
    assert (empty.lit, full.lit) == (0, 40)


def test_another_seed_is_another_street():
    assert street("zuidrand", 0).blocks != street("bloemenkade", 0).blocks


def test_a_street_is_the_same_in_every_process_and_every_year():
    """Expected figures are hard-coded: a street people recognise must not change with a new release."""
    drawn = street("dag-van-de-buurt-2027", 0, expected=1600)

    houses = [(house.plan.kind.value, house.plan.floors) for block in drawn.blocks for house in block.houses]
    assert houses[:4] == [("pitch", 3), ("cornice", 2), ("gable", 3), ("bell", 2)]


@pytest.mark.parametrize("expected", [200, 300, 400, 500, 900, 1600, 3000])
def test_the_street_has_a_window_for_every_ten_expected(expected):
    for seed in ("een", "twee", "drie", "vier"):
        assert street(seed, 0, expected=expected).windows == expected / 10


@pytest.mark.parametrize("expected", [0, 1, 60])
def test_a_small_street_still_has_three_whole_houses(expected):
    drawn = street("portiek", 5, expected=expected)

    assert [len(block.houses) for block in drawn.blocks] == [3]
    assert drawn.lit == 1


def test_a_crowd_larger_than_the_longest_street_is_still_drawn():
    drawn = street("iedereen", 50_000, expected=50_000)

    assert (len(drawn.blocks), drawn.columns) == (24, 6)
    assert drawn.lit == drawn.windows


@pytest.mark.parametrize("expected", [200, 700, 1100, 1600, 2000])
def test_rows_are_full_at_every_width(expected):
    """Six blocks are shown by six or three, four by four or two: five would leave a hole."""
    assert len(street("rij", 0, expected=expected).blocks) in {1, 2, 3, 4, 6, 12}


def test_the_houses_of_a_block_stand_side_by_side_and_fill_it():
    for block in street("sterrenhof", 0).blocks:
        ends = [house.x + house.plan.width for house in block.houses]

        assert [house.x for house in block.houses] == [0, *ends[:-1]]
        assert ends[-1] == BLOCK_WIDTH


def test_neighbours_differ_in_colour():
    houses = [house for block in street("sterrenhof", 0).blocks for house in block.houses]

    assert all(left.plan.wall != right.plan.wall for left, right in pairwise(houses))


def test_each_light_has_its_own_turn():
    drawn = street("sterrenhof", 0)

    turns = sorted(window.at for block in drawn.blocks for window in block.windows)
    assert turns == list(range(drawn.windows))


def test_the_cat_sits_behind_the_first_light():
    drawn = street("sterrenhof", 1)

    [(cat, block)] = [(block.cat, block) for block in drawn.blocks if block.cat]
    first = min(
        (window for window in block.windows if not window.d.count("a7")), key=lambda window: window.at
    )
    assert first.d.startswith(f"M{cat[0]} {cat[1]}h")
