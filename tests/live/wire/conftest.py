import gevent
import pytest

from tests.live.wire.hall import Hall


@pytest.fixture(autouse=True)
def _a_loop_that_knows_what_time_it_is():
    """Update the event loop's time.

    It only runs in these tests and otherwise still has the time of minutes ago, so that a timeout started
    then would have ended before it began.
    """
    gevent.get_hub().loop.update_now()


@pytest.fixture
def open_hall():
    halls = []

    def open_hall(**settings):
        halls.append(Hall(**settings))
        return halls[-1]

    yield open_hall
    for hall in halls:
        hall.close()
