"""Claims at the desk: the others see who is busy, it lapses, and it keeps nobody from deciding."""

import re
from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.claim_rules import LAPSES_AFTER
from dagvandebuurt.qanda.models import QuestionClaim


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def ruben(make):
    return make.moderator("Ruben")


@pytest.fixture
def at(monkeypatch, now):
    def wait(delay):
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + delay)

    wait(timedelta(0))
    return wait


@pytest.fixture
def claim(make, session):
    def do(who, question, **fields):
        return make.do(events.CLAIM, who, session, question=str(question.id), **fields)

    return do


def _told(session, question, audience=Audience.DESK, since=0):
    found = items.changes_since(session.id, since).of(audience)
    return [item for item in found if item["id"] == str(question.id)]


def test_other_desks_see_who_is_busy_and_a_second_claim_is_refused(
    make, session, claim, jolien, ruben, inside
):
    question = make.question(session)
    first = claim(jolien, question, seen=0)

    second = claim(ruben, question, seen=0)

    assert first["question"]["claim"]["by"] == "Jolien"
    assert (second["error"]["code"], second["error"]["by"]) == ("qanda.claimed", "Jolien")
    [item] = _told(session, question, since=first["revision"] - 1)
    assert item["claim"] == first["question"]["claim"]
    assert item["desk_revision"] == 0  # it is no decision
    assert _told(session, question, Audience.HALL) == []


def test_a_claim_lapses_after_some_minutes(make, session, claim, jolien, ruben, at):
    question = make.question(session)
    claim(jolien, question)
    at(LAPSES_AFTER - timedelta(seconds=1))
    assert not claim(ruben, question)["ok"]
    at(LAPSES_AFTER)

    taken = claim(ruben, question)

    assert taken["question"]["claim"]["by"] == "Ruben"


def test_only_who_has_a_claim_lets_it_go(make, session, claim, jolien, ruben):
    question = make.question(session)
    claim(jolien, question)

    other = claim(ruben, question, on=False)
    own = claim(jolien, question, on=False)
    again = claim(jolien, question, on=False)

    assert other["error"]["code"] == "qanda.claimed"
    assert [answer["question"]["claim"] for answer in (own, again)] == [None, None]


@pytest.mark.parametrize(("verb", "fields"), [(events.SHOW, {}), (events.HIDE, {"reason": "respect"})])
def test_a_colleague_may_decide_and_hears_who_was_busy_and_the_claim_goes(
    make, session, claim, jolien, ruben, verb, fields
):
    question = make.question(session)
    claim(jolien, question)

    done = make.do(verb, ruben, session, question=str(question.id), seen=0, **fields)

    assert (done["ok"], done["busy"], done["question"]["claim"]) == (True, "Jolien", None)
    back = make.do(
        events.UNDO, ruben, session, question=str(question.id), seen=done["question"]["desk_revision"]
    )
    assert back["question"]["claim"] is None
    with make.context():
        assert db.session.query(QuestionClaim).count() == 0


def test_ones_own_claim_says_nothing_when_one_decides(make, session, claim, jolien):
    question = make.question(session)
    claim(jolien, question)

    assert "busy" not in make.do(events.SHOW, jolien, session, question=str(question.id), seen=0)


def test_what_was_decided_about_cannot_be_claimed(make, session, claim, jolien, ruben):
    question = make.question(session)
    make.do(events.SHOW, jolien, session, question=str(question.id), seen=0)

    late = claim(ruben, question, seen=0)

    assert (late["error"]["code"], late["error"]["by"]) == ("qanda.changed", "Jolien")


def test_the_same_operation_twice_is_one_claim(make, session, claim, jolien):
    question = make.question(session)
    first, again = (claim(jolien, question, op="the-same-press") for _ in range(2))

    assert first == again


def test_by_form_the_cards_of_both_desks_say_who_is_busy(make, session, jolien, ruben):
    question = make.question(session)
    mine, theirs = make.browser(jolien), make.browser(ruben)
    base = f"/sessies/{session.slug}"
    mine.get(f"{base}/regie")

    answer = mine.post(f"{base}/vragen/{question.id}/kijken", data={"on": "1", "seen": "0"})

    assert answer.status_code == 303
    assert _shown(mine.get(f"{base}/regie").text) == ["own"]
    page = theirs.get(f"{base}/regie").text
    assert _shown(page) == ["other"]
    assert "Jolien kijkt hiernaar" in page
    theirs.post(f"{base}/vragen/{question.id}/tonen", data={"seen": "0"})
    assert "De zaal ziet deze vraag nu. Jolien keek hier net naar." in theirs.get(f"{base}/regie").text


def _shown(page):
    """Return which part of the claim the only card of the page shows."""
    card = re.search(r'<article class="desk-card".*?</article>', page, re.S)[0]
    return [name for name, rest in re.findall(r'data-claim="(\w+)"([^>]*)>', card) if "hidden" not in rest]


def test_an_erased_moderator_leaves_no_claim(make, session, claim, jolien, now):
    question = make.question(session)
    claim(jolien, question)

    with make.context():
        erase(jolien.id, now=now)
        db.session.commit()
        assert db.session.query(QuestionClaim).count() == 0


def test_a_withdrawn_question_has_no_claim(make, session, claim, jolien):
    asker = make.identity("Ria")
    question = make.question(session, asker=asker)
    claim(jolien, question)

    assert make.do(events.WITHDRAW, asker, session, question=str(question.id))["ok"]
    with make.context():
        assert db.session.query(QuestionClaim).count() == 0
