"""Polls: permissions by status, one secret ballot per person, withheld results."""

import json
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.live import items
from dagvandebuurt.live.writes import Write, execute
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.polls import events
from dagvandebuurt.polls.items import card
from dagvandebuurt.polls.jobs import tally_due
from dagvandebuurt.polls.models import FEWEST, OTHERS, Ballot, Poll, PollStatus
from dagvandebuurt.polls.queries import counts_by_role
from dagvandebuurt.polls.rules import safe_by_role
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def poll(make, session, jolien):
    """Create a single choice poll that is open."""
    return open_poll(make, session, jolien)


def open_poll(make, session, jolien, minutes=0, **more):
    poll_id = str(uuid4())
    fields = {"title": "Wat eerst?", "kind": "single_choice", "options": ["Groen", "Licht", "Rust"], **more}
    assert make.do(events.WRITE, jolien, session, poll=poll_id, **fields)["ok"]
    assert make.do(events.READY, jolien, session, poll=poll_id)["ok"]
    assert make.do(events.OPEN, jolien, session, poll=poll_id, minutes=minutes)["ok"]
    return poll_id


def choose(make, person, session, poll, *choices):
    return make.do(events.BALLOT, person, session, poll=poll, choices=list(choices))


def counts(app, poll):
    from dagvandebuurt.polls.queries import counts_of

    with app.app_context():
        return [number for _, number in sorted(counts_of(db.session.get(Poll, UUID(poll))).items())]


def test_person_has_one_ballot_and_may_change_it(app, make, session, poll):
    noor, mo = make.guest("Noor"), make.guest("Mo")

    for choices in ([0], [1], [1]):
        assert choose(make, noor, session, poll, *choices)["ok"]
    choose(make, mo, session, poll, 2)
    changed = counts(app, poll)
    choose(make, mo, session, poll)

    assert changed == [0, 1, 1]
    assert counts(app, poll) == [0, 1, 0]


def test_a_thousand_concurrent_ballots_of_one_person_count_once(app, make, session, poll):
    noor = make.guest("Noor")
    with app.app_context():
        acts = [
            events.BALLOT.act.from_message(
                {"session": str(session.id), "op": uuid4().hex, "poll": poll, "choices": [number % 3]}
            )
            for number in range(1000)
        ]
        outcomes = execute([Write(events.BALLOT, noor, act) for act in acts])

    assert all(outcome["ok"] for outcome in outcomes)
    assert sum(counts(app, poll)) == 1


@pytest.mark.parametrize("choices", [[3], [-1], [True], ["0"], "0", [0, 1], None, [10**30], [[0]]])
def test_invalid_choice_is_refused_and_not_counted(app, make, session, poll, choices):
    noor = make.guest("Noor")
    try:
        answer = make.do(events.BALLOT, noor, session, poll=poll, choices=choices)
        fields = answer["error"]["fields"]
    except InvalidInput as refused:
        fields = refused.fields

    assert list(fields) == ["choices"]
    assert counts(app, poll) == [0, 0, 0]


def test_choosing_more_than_the_maximum_is_refused(app, make, session, jolien):
    poll = open_poll(make, session, jolien, kind="multiple_choice", max_choices=2)
    noor = make.guest("Noor")

    assert choose(make, noor, session, poll, 0, 2)["ok"]
    refused = choose(make, noor, session, poll, 0, 1, 2)

    assert refused["error"]["fields"] == {"choices": ["Kies er hoogstens 2."]}
    assert counts(app, poll) == [1, 0, 1]


def test_poll_closes_when_its_time_is_over(app, make, session, jolien, now, monkeypatch):
    poll = open_poll(make, session, jolien, minutes=1)
    noor = make.guest("Noor")
    assert choose(make, noor, session, poll, 0)["ok"]
    assert tally_due(app) == 0

    with monkeypatch.context() as later:
        later.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=1))
        late = choose(make, noor, session, poll, 1)
        with app.app_context():
            row = db.session.get(Poll, UUID(poll))
            assert (row.status, row.status_at(now + timedelta(minutes=1))) == (
                PollStatus.OPEN,
                PollStatus.CLOSED,
            )
        counted = (tally_due(app), tally_due(app))

    assert late["error"]["code"] == "polls.not_open"
    assert counted == (1, 0)
    assert counts(app, poll) == [1, 0, 0]


@pytest.mark.parametrize("end", ["over", "called off"])
def test_open_poll_closes_with_its_session_and_ballots_are_deleted(
    app, make, session, jolien, now, monkeypatch, end
):
    poll = open_poll(make, session, jolien)  # until somebody closes it
    noor = make.guest("Noor")
    assert choose(make, noor, session, poll, 0)["ok"]
    assert tally_due(app) == 0
    if end == "over":
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at)
    else:
        with app.app_context():
            db.session.execute(update(ProgrammeSession).values(status=SessionStatus.CANCELLED))
            db.session.commit()

    late = choose(make, noor, session, poll, 1)
    with app.app_context():
        shown = card(db.session.get(Poll, UUID(poll)))
    counted = (tally_due(app), tally_due(app))

    assert late["error"]["code"] == "polls.not_open"
    assert shown["status"] == "closed"  # at once, also before the job came by
    assert counted == (1, 0)
    assert counts(app, poll) == [1, 0, 0]
    with app.app_context():
        assert db.session.scalars(select(Ballot)).all() == []


def test_no_poll_opens_after_its_session_is_over(app, make, session, jolien, monkeypatch):
    poll, late = open_poll(make, session, jolien), str(uuid4())
    fields = {"title": "Wat eerst?", "kind": "single_choice", "options": ["Groen", "Licht"]}
    assert make.do(events.WRITE, jolien, session, poll=late, **fields)["ok"]
    assert make.do(events.READY, jolien, session, poll=late)["ok"]
    with app.app_context():
        assert card(db.session.get(Poll, UUID(poll)))["closes_at"] == session.ends_at.isoformat()

    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at)
    refused = make.do(events.OPEN, jolien, session, poll=late, minutes=5)

    assert refused["error"]["code"] == "polls.session_over"


DEEDS = {
    "ready": (events.READY, {}, {PollStatus.DRAFT}),
    "open": (events.OPEN, {}, {PollStatus.DRAFT, PollStatus.READY}),
    "remove": (events.REMOVE, {}, {PollStatus.DRAFT, PollStatus.READY}),
    "close": (events.CLOSE, {}, {PollStatus.OPEN}),
    "results": (events.RESULTS, {"on": True}, {PollStatus.CLOSED}),
    "write": (
        events.WRITE,
        {"title": "Anders?", "kind": "scale"},
        {PollStatus.DRAFT, PollStatus.READY},
    ),
}


@pytest.mark.parametrize("status", PollStatus)
@pytest.mark.parametrize("deed", DEEDS)
def test_every_action_in_every_status_and_by_every_role(app, make, session, jolien, deed, status):
    poll_id = str(uuid4())
    steps = [
        (events.WRITE, {"title": "Wat?", "kind": "single_choice", "options": ["A", "B"]}),
        (events.READY, {}),
        (events.OPEN, {}),
        (events.CLOSE, {}),
    ]
    if status is PollStatus.REMOVED:
        steps = [steps[0], (events.REMOVE, {})]
    for verb, more in steps[: list(PollStatus).index(status) + 1]:
        assert make.do(verb, jolien, session, poll=poll_id, **more)["ok"]
    verb, more, possible = DEEDS[deed]

    outsider = make.do(verb, make.identity("Iemand", roles=["organiser"]), session, poll=poll_id, **more)
    answer = make.do(verb, jolien, session, poll=poll_id, **more)

    assert outsider["error"]["code"] == "house.not_allowed"
    assert answer["ok"] == (status in possible), answer
    if status not in possible:
        assert (answer["error"]["code"], answer["error"]["status"]) == ("polls.changed", status)


def test_moderators_cannot_vote_in_their_own_poll(make, session, poll, jolien):
    assert choose(make, make.guest(), session, poll, 0)["ok"]
    assert choose(make, jolien, session, poll, 0)["error"]["code"] == "house.not_allowed"


def test_poll_of_another_session_is_not_found(make, session, poll, now):
    other = make.session("Elders", starts_at=session.starts_at, ends_at=session.ends_at)

    assert choose(make, make.guest(), other, poll, 0)["error"]["code"] == "polls.not_there"


@pytest.mark.parametrize(
    "fields",
    [{"options": ["Een"]}, {"options": ["Een", "een"]}, {"options": []}, {"title": " "}, {"max_choices": 0}],
)
def test_poll_with_fewer_than_two_options_is_refused(make, session, jolien, fields):
    whole = {"title": "Wat?", "kind": "single_choice", "options": ["A", "B"]} | fields
    try:
        answer = make.do(events.WRITE, jolien, session, poll=str(uuid4()), **whole)
        refused = answer["error"]["fields"]
    except InvalidInput as broken:
        refused = broken.fields

    assert list(refused) == list(fields)


def everything(app):
    """Return every row of every table, as text."""
    with app.app_context():
        tables = list(db.metadata.tables)
        return {name: str(db.session.execute(text(f'SELECT * FROM "{name}"')).all()) for name in tables}


def test_no_row_links_a_person_to_their_ballot(app, make, session, poll):
    noor = make.guest("Noor")
    choose(make, noor, session, poll, 2)

    with app.app_context():
        (ballot,) = db.session.query(Ballot).all()
        key, columns = ballot.voter_key, set(Ballot.__table__.columns.keys())
        stored = [row.result for row in db.session.execute(text("SELECT result FROM operation")).all()]
    rows = everything(app)
    assert columns == {"poll_id", "voter_key", "positions", "role"}  # no person, session, moment, operation
    assert key in rows["ballot"]
    assert [name for name, text_of in rows.items() if key in text_of] == ["ballot"]
    assert str(noor.id) not in rows["ballot"]
    assert noor.id.hex not in rows["ballot"]
    assert all('"choices"' not in result and "positions" not in result for result in stored)


def test_the_stored_operation_is_the_same_whatever_was_chosen(app, make, session, poll):
    noor = make.guest("Noor")
    fields = {"session": str(session.id), "op": uuid4().hex, "poll": poll}
    with app.app_context():
        one, other = (
            Write(
                events.BALLOT, noor, events.BALLOT.act.from_message({**fields, "choices": [choice]})
            ).request
            for choice in (0, 1)
        )
        another = Write(
            events.BALLOT,
            noor,
            events.BALLOT.act.from_message({**fields, "poll": str(uuid4()), "choices": [0]}),
        ).request

    assert one == other
    assert one != another


def test_closing_leaves_only_counts_and_destroys_the_key(app, make, session, poll, jolien):
    from pathlib import Path

    noor = make.guest("Noor")
    choose(make, noor, session, poll, 2)
    file = Path(app.config["KEY_FOLDER"]) / f"{poll}.key"
    assert file.exists()

    make.do(events.CLOSE, jolien, session, poll=poll)

    with app.app_context():
        assert db.session.query(Ballot).count() == 0
        assert pseudonyms is not None
    assert not file.exists()
    assert counts(app, poll) == [0, 0, 1]


def test_withheld_results_are_visible_at_the_desk_only(app, make, session, jolien):
    poll = open_poll(make, session, jolien, options=["Groen", "Licht"])
    for _ in range(37):
        choose(make, make.guest(), session, poll, 0)
    reader = make.browser(make.guest())
    places = [f"/sessies/{session.slug}/{path}" for path in ("live", "peilingen", "podium", "live/state")]

    def seen():
        pages = [reader.get(place).get_data(as_text=True) for place in [*places, f"/sessies/{session.slug}"]]
        with app.app_context():
            changes = items.changes_since(session.id, 0)
            mine = items.mine(session.id, make.guest())
        return "".join(pages) + json.dumps(changes.hall) + json.dumps(mine), changes.desk

    while_open = seen()
    make.do(events.CLOSE, jolien, session, poll=poll)
    held = seen()
    make.do(events.RESULTS, jolien, session, poll=poll, on=True)
    shown = seen()
    make.do(events.RESULTS, jolien, session, poll=poll, on=False)
    held_again = seen()

    assert ">37 <" in shown[0]  # it could
    assert "[37, 0]" in shown[0]
    for public, desk in (while_open, held, held_again):
        assert "[37, 0]" not in public
        assert ">37 <" not in public
        assert [item["counts"] for item in desk if item["kind"] == "poll"] == [[37, 0]]


def test_ballot_sends_nothing_to_the_hall(app, make, session, poll):
    with app.app_context():
        before = items.state_of(session.id).revision

    choose(make, make.guest(), session, poll, 0)

    with app.app_context():
        changes = items.changes_since(session.id, before)
    assert changes.hall == []
    assert [item["ballots"] for item in changes.desk] == [1]


def test_draft_poll_is_visible_at_the_desk_only(app, make, session, jolien):
    draft = str(uuid4())
    make.do(
        events.WRITE,
        jolien,
        session,
        poll=draft,
        title="Nog geheim?",
        kind="single_choice",
        options=["A", "B"],
    )

    assert "Nog geheim?" in make.browser(jolien).get(f"/sessies/{session.slug}/regie").get_data(as_text=True)
    for path in ("live", "peilingen", "podium", "live/state"):
        page = make.browser(jolien if path == "peilingen" else make.guest()).get(
            f"/sessies/{session.slug}/{path}"
        )
        assert "Nog geheim?" not in page.get_data(as_text=True)
    assert choose(make, make.guest(), session, draft, 0)["error"]["code"] == "polls.not_there"


def test_counts_by_role_are_suppressed_where_people_could_be_identified(app, make, session, jolien):
    poll = open_poll(make, session, jolien, options=["Groen", "Licht"])
    for role, numbers in {
        ParticipantRole.RESIDENT: (12, 10),
        ParticipantRole.SOCIAL_WORKER: (11, 15),
    }.items():
        for choice, number in enumerate(numbers):
            for _ in range(number):
                choose(make, make.identity("Iemand", email=None, role=role), session, poll, choice)

    make.do(events.CLOSE, jolien, session, poll=poll)

    with app.app_context():
        found = counts_by_role(db.session.get(Poll, UUID(poll)))
    assert found == {"resident": {0: 12, 1: 10}, "social_worker": {0: 11, 1: 15}}


roles = st.dictionaries(
    st.sampled_from([role.value for role in ParticipantRole]),
    st.dictionaries(st.integers(0, 2), st.integers(0, 40), max_size=3),
    max_size=6,
)


@given(roles)
def test_no_count_under_ten_can_be_read_or_derived(by_role):
    places = [0, 1, 2]

    shown = safe_by_role(by_role, places)

    assert all(number >= FEWEST for row in shown.values() for number in row.values())
    if shown:
        for place in places:  # what the total leaves over is told as well, and is no smaller
            total = sum(counts.get(place, 0) for counts in by_role.values())
            assert sum(row[place] for row in shown.values()) == total
        assert len(shown) > 1
        assert set(shown) - {OTHERS} <= set(by_role)


def test_voting_works_with_a_plain_form(make, session, poll):
    browser = make.browser(make.guest())
    page = f"/sessies/{session.slug}/live"
    assert "Dit kies ik" in browser.get(page).get_data(as_text=True)

    done = browser.post(
        f"/sessies/{session.slug}/peilingen/{poll}/stem", data={"choice": "1"}, follow_redirects=True
    ).get_data(as_text=True)

    assert "Je antwoord is binnen." in done
    assert 'value="1" checked' in done
    stranger = make.browser().post(f"/sessies/{session.slug}/peilingen/{poll}/stem", data={"choice": "1"})
    assert stranger.status_code in (302, 303, 401)


def test_moderator_manages_a_poll_with_plain_forms(make, session, jolien):
    browser = make.browser(jolien)
    base = f"/sessies/{session.slug}/regie/peilingen"
    poll = str(uuid4())

    wrong = browser.post(
        base, data={"poll": poll, "title": "Wat?", "kind": "single_choice", "options": "Een"}
    )
    assert wrong.status_code == 422
    assert "Geef minstens twee antwoorden" in wrong.get_data(as_text=True)
    assert 'value="Wat?"' in wrong.get_data(as_text=True)
    browser.post(
        base, data={"poll": poll, "title": "Wat?", "kind": "single_choice", "options": "Een\nTwee\n"}
    )
    for path, more in (("klaar", {}), ("open", {"minutes": "5"}), ("sluit", {}), ("uitslag", {"on": "1"})):
        page = browser.post(f"{base}/{poll}/{path}", data=more, follow_redirects=True)
        assert page.status_code == 200, path

    assert "De zaal ziet de uitslag" in page.get_data(as_text=True)
    assert make.browser(make.guest()).post(f"{base}/{poll}/open").status_code == 403


def test_reactions_are_batched_into_one_message_per_tick(app, make, session):
    from dagvandebuurt.live.reactions import Reactions

    gathered = Reactions()
    people = [make.guest() for _ in range(5)]

    for person in people:
        for _ in range(3):  # one a second counts
            gathered.add(session.id, person.id, "applause")
    gathered.add(session.id, make.guest().id, "heart")

    assert gathered.take() == {session.id: {"applause": 5, "heart": 1}}
    assert gathered.take() == {}


def test_reactions_of_other_processes_count_and_are_told_once(make, session):
    from dagvandebuurt.live.reactions import Reactions

    said = []
    here, there = Reactions(said.append), Reactions(said.append)
    here.add(session.id, make.guest().id, "applause")
    there.add(session.id, make.guest().id, "heart")

    assert here.take() == {session.id: {"applause": 1}}
    assert len(said) == 1
    assert all(there.hear(topic) for topic in said)

    assert there.take() == {session.id: {"applause": 1, "heart": 1}}
    assert len(said) == 2  # what it heard is its sender's to tell, so nothing goes round
    assert there.take() == {}


def test_a_topic_that_is_no_reaction_is_left_alone(session):
    from dagvandebuurt.live.reactions import Reactions

    reactions = Reactions()

    room = session.id.hex
    for topic in (
        "branding",
        "reactions:",
        f"reactions:{room}",
        f"reactions:{room}:heart=99999",
        "réactions",
    ):
        assert not reactions.hear(topic), topic
    assert reactions.hear(f"reactions:{room}:heart=2:laughter=3")
    assert reactions.take() == {session.id: {"heart": 2}}


def test_open_poll_takes_the_place_of_the_question_until_one_chose(make, session, jolien, poll):
    noor = make.guest("Noor")
    browser = make.browser(noor)
    address = f"/sessies/{session.slug}/live"

    def bar():
        return re.search(
            r'<section class="(votebar[^"]*)"[^>]*?( hidden)?>', browser.get(address).text
        ).groups()

    before = bar()
    choose(make, noor, session, poll, 1)
    chosen = bar()
    assert make.do(events.CLOSE, jolien, session, poll=poll)["ok"]

    assert (before, chosen, bar()) == (
        ("votebar", None),
        ("votebar votebar--done", None),
        ("votebar", " hidden"),
    )


def test_a_panel_that_somebody_opens_by_itself_leads_to_the_page_it_belongs_to(make, session, jolien, poll):
    browser, alone = make.browser(jolien), {"Sec-Fetch-Dest": "document"}

    for path, page in (("peilingen", "live"), ("regie/peilingen", "regie")):
        address = f"/sessies/{session.slug}/{path}"
        led = browser.get(address, headers=alone)
        assert (led.status_code, led.location) == (302, f"/sessies/{session.slug}/{page}")
        assert browser.get(address, headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
