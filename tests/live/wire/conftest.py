import gevent
import pytest


@pytest.fixture(autouse=True)
def _a_loop_that_knows_what_time_it_is():
    """The event loop only runs in these tests. It still thinks it is minutes ago when other tests ran
    in between, and a timeout that is started then has ended before it began."""
    gevent.get_hub().loop.update_now()
