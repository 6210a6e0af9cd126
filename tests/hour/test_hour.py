"""The played hour, short: everything it promises that does not depend on how fast the machine is."""

import pytest

from tests.chaos.verdict import Verdict
from tests.hour.run import Row, play
from tests.hour.verdict import Exactness

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_short_hour_keeps_its_promises(tmp_path, browser):
    played = play(tmp_path, browser, people=30, seconds=5, pace=0.1)

    assert [row for row in played.rows if row.holds is False and not row.timed] == [], str(played.exact)
    assert played.polls >= 1
    assert played.longer
    assert played.host.turns >= 1
    assert {"show"} <= {each.deed for desk in played.desks for each in desk.timed}
    assert played.exact.ledger.acknowledged > 20


def test_a_difference_breaks_the_promise():
    one_lost = Exactness(Verdict(9, lost=1, doubled=0, denied=0, differing=0), polls=0, cards=0, leaks=0)

    assert one_lost.differences == 1
    assert "lost 1" in str(one_lost)
    assert Row("exactness", "1", "0", one_lost.differences == 0).holds is False
