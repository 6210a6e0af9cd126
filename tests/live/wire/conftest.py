import gevent
import pytest

from tests.live.wire.hall import Hall


@pytest.fixture(autouse=True)
def _a_loop_that_knows_what_time_it_is():
    """The event loop only runs in these tests. It still thinks it is minutes ago when other tests ran
    in between, and a timeout that is started then has ended before it began."""
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
