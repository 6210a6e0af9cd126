"""A clock that a test of the market sets."""

from datetime import timedelta

import pytest

from tests.factories import START


@pytest.fixture
def clock(monkeypatch):
    """Stand still an hour after the stands opened; call it to set another moment."""

    def put(moment):
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)

    put(START + timedelta(hours=1))
    return put


@pytest.fixture
def stand(make, clock):
    return make.stand(make.edition().id)


def holder(make, stand, name="Gerda"):
    return make.browser(make.person(name, roles=[("stand_holder", stand.id)]))
