"""Kinds of polls, from draft to result: scales, rankings and quizzes; drafts that are changed or thrown away."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.polls import events
from dagvandebuurt.polls.counting import mean_of, result_of, weights
from dagvandebuurt.polls.jobs import tally_due
from dagvandebuurt.polls.models import Ballot, Poll, PollKind, PollOption
from dagvandebuurt.polls.queries import counts_of
from dagvandebuurt.programme.models import ProgrammeSession
from tests.polls.test_polls import choose, open_poll

PARK = ["Groen", "Licht", "Rust"]


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


def result(app, poll):
    with app.app_context():
        row = db.session.get(Poll, UUID(poll))
        return result_of(row, counts_of(row))


def draft(make, session, jolien, **more):
    poll = str(uuid4())
    fields = {"title": "Wat eerst?", "kind": "single_choice", "options": PARK, **more}
    assert make.do(events.WRITE, jolien, session, poll=poll, **fields)["ok"]
    return poll


def test_draft_goes_to_result_in_three_presses(make, session, jolien):
    poll = draft(make, session, jolien)
    choose(make, make.guest(), session, poll, 0)  # not yet: nobody sees it

    for verb, more in ((events.OPEN, {}), (events.CLOSE, {}), (events.RESULTS, {"on": True})):
        assert make.do(verb, jolien, session, poll=poll, **more)["ok"]

    assert "Wat eerst?" in make.browser(make.guest()).get(f"/sessies/{session.slug}/live").text


def test_draft_is_changed_in_its_own_form_and_thrown_away(app, make, session, jolien):
    poll = draft(make, session, jolien, kind="quiz", right=2)
    browser, base = make.browser(jolien), f"/sessies/{session.slug}/regie/peilingen"

    form = browser.get(f"{base}/{poll}").text
    assert 'value="quiz" checked' in form
    assert "Groen\nLicht\nRust" in form
    seen = form.split('name="seen" value="')[1].split('"')[0]
    changed = {
        "poll": poll,
        "seen": seen,
        "title": "Wat dan?",
        "kind": "scale",
        "steps": "7",
        "low_label": "niets",
    }
    assert "Wat dan?" in browser.post(base, data=changed, follow_redirects=True).text
    stale = browser.post(base, data={**changed, "title": "Te laat"})
    assert stale.status_code == 422
    assert 'value="Te laat"' in stale.text  # what was typed stays

    with app.app_context():
        row = db.session.get(Poll, UUID(poll))
        assert (row.title, len(row.options), row.low_label, row.right_position) == (
            "Wat dan?",
            7,
            "niets",
            None,
        )
        before = items.state_of(session.id).revision
    gone = browser.post(f"{base}/{poll}/weg", follow_redirects=True).text
    assert "De peiling is weg." in gone
    assert "Wat dan?" not in gone
    with app.app_context():
        changes = items.changes_since(session.id, before)
    assert [item["gone"] for item in changes.desk if item["kind"] == "poll"] == [True]
    assert changes.hall == []
    assert browser.get(f"{base}/{poll}").status_code == 303
    assert make.do(events.OPEN, jolien, session, poll=poll)["error"]["code"] == "polls.changed"


def test_open_poll_cannot_be_changed_or_thrown_away(make, session, jolien):
    poll = open_poll(make, session, jolien)
    browser, base = make.browser(jolien), f"/sessies/{session.slug}/regie/peilingen"

    assert browser.get(f"{base}/{poll}").status_code == 303
    browser.post(f"{base}/{poll}/weg")

    assert choose(make, make.guest(), session, poll, 0)["ok"]


def test_scale_tells_its_ends_and_its_mean_only_when_asked(app, make, session, jolien):
    for shows_mean in (False, True):
        poll = open_poll(
            make, session, jolien, kind="scale", options=[], steps=4,
            low_label="slecht", high_label="top", shows_mean=shows_mean,
        )  # fmt: skip
        for step in (0, 3, 3):
            assert choose(make, make.guest(), session, poll, step)["ok"]
        make.do(events.CLOSE, jolien, session, poll=poll)
        make.do(events.RESULTS, jolien, session, poll=poll, on=True)

        told = result(app, poll)
        assert told.rows == [("1: slecht", 1), ("2", 0), ("3", 0), ("4: top", 2)]
        assert list(told.notes) == (["Gemiddeld: 3,0"] if shows_mean else [])
    for path in ("live", "podium"):
        page = make.browser(make.guest()).get(f"/sessies/{session.slug}/{path}").text
        assert "4: top" in page
        assert "Gemiddeld: 3,0" in page


def test_ranking_is_counted_by_borda_and_ties_are_said(app, make, session, jolien):
    poll = open_poll(make, session, jolien, kind="ranking")
    noor = make.guest("Noor")
    for order in ((0, 1, 2), (2, 1, 0), (2, 1, 0)):  # sent again: the last one counts
        assert choose(make, noor, session, poll, *order)["ok"]
    assert choose(make, make.guest(), session, poll, 0, 1, 2)["ok"]
    refused = [
        choose(make, make.guest(), session, poll, *wrong) for wrong in ((0,), (0, 1), (0, 0, 1), (0, 1, 3))
    ]
    while_open = result(app, poll)

    make.do(events.CLOSE, jolien, session, poll=poll)

    told = result(app, poll)
    assert [list(answer["error"]["fields"]) for answer in refused] == [["choices"]] * 4
    assert while_open == told
    assert told.rows == [("1. Groen", 2), ("1. Licht", 2), ("1. Rust", 2)]
    assert list(told.notes) == ["Samen op plaats 1: Groen, Licht, Rust."]
    assert (told.total, told.caption) == (4, "De volgorde van 2 mensen")
    with app.app_context():
        assert db.session.query(Ballot).count() == 0


@given(st.lists(st.permutations(range(4)), max_size=30))
def test_a_full_bar_of_a_ranking_is_everybody(ballots):
    counts = sum(
        (weights(PollKind.RANKING, ballot) for ballot in ballots), start=weights(PollKind.RANKING, [])
    )
    poll = Poll(
        kind=PollKind.RANKING, options=[PollOption(position=each, label=str(each)) for each in range(4)]
    )

    told = result_of(poll, counts)

    assert told.total == 3 * len(ballots)
    assert sum(points for _label, points in told.rows) == 6 * len(ballots)
    assert all(points <= told.total for _label, points in told.rows)


@given(st.dictionaries(st.integers(0, 9), st.integers(1, 500), min_size=1))
def test_mean_lies_on_the_scale(counts):
    assert min(counts) + 1 <= mean_of(counts) <= max(counts) + 1


def test_ranking_works_with_buttons_of_a_plain_form(make, session, jolien):
    poll = open_poll(make, session, jolien, kind="ranking")
    browser = make.browser(make.guest())
    address = f"/sessies/{session.slug}/peilingen/{poll}/stem"

    def order(page):
        return [part.split('"')[0] for part in page.split('name="choice" value="')[1:]]

    first = browser.get(f"/sessies/{session.slug}/live").text
    moved = browser.post(address, data={"choice": order(first), "move": "up:2"}, follow_redirects=True).text
    again = browser.post(address, data={"choice": order(moved), "move": "up:0"}, follow_redirects=True).text

    assert "Dit is mijn volgorde" in first
    assert (order(first), order(moved), order(again)) == (["0", "1", "2"], ["0", "2", "1"], ["0", "2", "1"])


def test_quiz_tells_the_right_answer_when_it_closes_and_not_before(
    app, make, session, jolien, now, monkeypatch
):
    poll = open_poll(make, session, jolien, kind="quiz", right=2, minutes=1)
    reader = make.browser(make.guest())
    choose(make, make.guest(), session, poll, 1)

    def seen():
        pages = [
            reader.get(f"/sessies/{session.slug}/{path}").text for path in ("live", "podium", "peilingen")
        ]
        with app.app_context():
            hall = [item for item in items.changes_since(session.id, 0).hall if item["kind"] == "poll"]
        return "".join(pages), [item["right"] for item in hall]

    while_open = seen()
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=1))
    assert tally_due(app) == 1
    closed = seen()

    assert "Het goede antwoord" not in while_open[0]
    assert while_open[1] == [None]
    assert closed[0].count("Het goede antwoord: Licht") == 3
    assert closed[1] == [1]


@pytest.mark.parametrize("right", [None, 4])
def test_quiz_without_a_right_answer_is_refused(make, session, jolien, right):
    fields = {"title": "Hoeveel?", "kind": "quiz", "options": PARK, "right": right}

    refused = make.do(events.WRITE, jolien, session, poll=str(uuid4()), **fields)

    assert list(refused["error"]["fields"]) == ["right"]


def test_poll_closes_with_a_session_that_is_shortened(app, make, session, jolien, now):
    poll = open_poll(make, session, jolien, minutes=10)
    choose(make, make.guest(), session, poll, 0)
    with app.app_context():
        db.session.get(ProgrammeSession, session.id).ends_at = now
        db.session.commit()

    late = choose(make, make.guest(), session, poll, 1)

    assert late["error"]["code"] == "polls.not_open"
    assert tally_due(app) == 1
    with app.app_context():
        assert db.session.query(Ballot).count() == 0
