"""A word cloud of forty words fits on the big screen. Without a server: the app answers in this process."""

from uuid import UUID

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.polls import events
from dagvandebuurt.polls.grouping import key_of
from dagvandebuurt.polls.models import PollAnswer
from tests.browser.hall import Hall
from tests.browser.pages import violations
from tests.browser.test_podium_fits import OUTSIDE
from tests.polls.test_polls import open_poll

pytestmark = pytest.mark.browser
WORDS = [f"{first} {last}" for first in ("heel groen", "erg druk", "mooi", "kaal") for last in "abcdefghij"]


def a_cloud(make, session, jolien):
    """Put a cloud of forty words on the screens, its result told."""
    poll = open_poll(
        make, session, jolien, kind="word_cloud", options=[], title="In één woord: hoe is jouw buurt?"
    )
    with make.app.app_context(), transaction():
        db.session.add_all(
            PollAnswer(
                poll_id=UUID(poll), number=place, group_number=place, key=key_of(word), text=word, is_shown=True,
                ballots=1 + place % 7 * 3, revision=0,
            )
            for place, word in enumerate(WORDS)
        )  # fmt: skip
    for verb, more in ((events.CLOSE, {}), (events.RESULTS, {"on": True})):
        assert make.do(verb, jolien, session, poll=poll, **more)["ok"]


def test_a_cloud_of_forty_words_fits_on_the_podium(browser, make, session):
    a_cloud(make, session, make.moderator("Jolien"))
    hall = Hall(browser, make, viewport={"width": 1280, "height": 720})
    page = hall.go(f"/sessies/{session.slug}/podium")

    page.locator("[data-fitted='1280x720']").wait_for()
    assert page.locator(".cloud__word [dir]").all_inner_texts() == sorted(WORDS)
    assert page.evaluate(OUTSIDE) == []
    assert violations(page) == []
    hall.context.close()
