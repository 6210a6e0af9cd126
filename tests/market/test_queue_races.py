"""Presses in the same instant at the queue of a stand, on each database, each on a connection of its own."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.market import queue_rules
from dagvandebuurt.market.models import MarketPresence, MarketStand, MarketWait
from tests.factories import Factory
from tests.live.test_races import at_once

ROUNDS = 5


@pytest.fixture(params=["sqlite", "postgres"])
def app(request):
    return request.getfixturevalue(f"house_on_{request.param}")


@pytest.fixture
def make(app):
    return Factory(app)


@pytest.fixture
def now():
    return clock.now()


@pytest.fixture
def stand(make, now):
    hours = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=2)}
    return make.stand(make.edition().id, **hours)


@pytest.fixture
def holders(make, stand, now):
    people = [make.identity(name, roles=[("stand_holder", stand.id)]) for name in ("Gerda", "Bo")]
    until = now + timedelta(hours=1)
    make.store(*(MarketPresence(stand_id=stand.id, person_id=each.id, until=until) for each in people))
    return people


def doing(app, stand, command, actor, **details):
    """One press to be executed when called. Returns what the command returned, or the refusal."""

    def do():
        with app.app_context():
            try:
                with transaction():
                    there = db.session.get_one(MarketStand, stand.id)
                    made = command(actor, there, now=clock.now(), **details)
                    return getattr(made, "id", made)
            except RuleBroken as broken:
                return broken

    return do


def joining(app, stand, actor, key):
    return doing(app, stand, queue_rules.join, actor, visitor_key=key, name="Fatma")


def test_of_two_holders_who_call_at_once_one_comes_and_the_other_reads_who(app, make, stand, holders):
    visitor = make.identity("Fatma")
    for number in range(ROUNDS):
        wait_id = joining(app, stand, visitor, str(number))()

        outcomes = at_once(*(doing(app, stand, queue_rules.call, each, wait_id=wait_id) for each in holders))

        [refused] = [each for each in outcomes if isinstance(each, RuleBroken)]
        first = holders[0 if outcomes[1] is refused else 1]
        assert (refused.code, refused.details["by"]) == ("market.wait_changed", first.name)
        doing(app, stand, queue_rules.finish, first, wait_id=wait_id)()


def test_one_holder_who_calls_two_at_once_comes_to_one(app, make, stand, holders):
    visitor, (gerda, _bo) = make.identity("Fatma"), holders
    ids = [joining(app, stand, visitor, key)() for key in "ab"]

    outcomes = at_once(*(doing(app, stand, queue_rules.call, gerda, wait_id=each) for each in ids))

    assert sorted(each.code for each in outcomes if isinstance(each, RuleBroken)) == ["market.still_talking"]


def test_a_browser_that_joins_many_times_at_once_is_in_the_queue_once(app, make, stand, holders):
    visitor = make.identity("Fatma")

    ids = at_once(*(joining(app, stand, visitor, "sleutel") for _ in range(4)))

    assert len(set(ids)) == 1
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MarketWait)) == 1


def test_a_visitor_who_leaves_while_being_called_is_out_or_called_and_out(app, make, stand, holders):
    visitor, (gerda, _bo) = make.identity("Fatma"), holders
    for number in range(ROUNDS):
        wait_id = joining(app, stand, visitor, str(number))()

        called, left = at_once(
            doing(app, stand, queue_rules.call, gerda, wait_id=wait_id),
            doing(app, stand, queue_rules.leave, visitor, visitor_key=str(number)),
        )

        assert left is None
        assert not isinstance(called, RuleBroken) or called.details["status"] == "left"
        with app.app_context():
            assert db.session.get_one(MarketWait, wait_id).status.value == "left"
