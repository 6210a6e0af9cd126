"""Open text: what people write, which the room reads only after a moderator showed it."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.personal_data import retention_table
from dagvandebuurt.core.retention import over
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items
from dagvandebuurt.live.models import Operation
from dagvandebuurt.people.lifecycle.data_export import my_data
from dagvandebuurt.polls import events
from dagvandebuurt.polls.account_merging import one_ballot_each
from dagvandebuurt.polls.grouping import group_for, groups_of, key_of
from dagvandebuurt.polls.jobs import tally_due
from dagvandebuurt.polls.models import Ballot, Poll, PollAnswer
from dagvandebuurt.polls.privacy import take_back_what_they_wrote
from dagvandebuurt.polls.queries import numbers_of
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from tests.polls.test_polls import open_poll


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def poll(make, session, jolien):
    return open_poll(make, session, jolien, kind="open_text", options=[], title="Wat mist u?")


def write(make, person, session, poll, *texts):
    return make.do(events.BALLOT, person, session, poll=poll, texts=list(texts))


def answers(app, poll):
    with app.app_context():
        rows = db.session.scalars(
            select(PollAnswer).where(PollAnswer.poll_id == UUID(poll)).order_by(PollAnswer.text)
        ).all()
        heads = {row.number: row.text for row in rows}
        return {row.text: (heads.get(row.group_number), row.ballots, row.is_shown) for row in rows}


def number_of(app, poll, text):
    with app.app_context():
        return db.session.scalar(
            select(PollAnswer.number).where(PollAnswer.poll_id == UUID(poll), PollAnswer.text == text)
        )


def revision_of(app, session):
    with app.app_context():
        return items.state_of(session.id).revision


def show(app, make, session, who, poll, *texts, on=True, seen=None):
    seen = revision_of(app, session) if seen is None else seen
    numbers = [number_of(app, poll, text) for text in texts]
    return make.do(events.SHOW, who, session, poll=poll, answers=numbers, on=on, seen=seen)


def of_the_room(app, make, session):
    """Everything that the room gets of polls: the items, and each page."""
    browser = make.browser(make.guest())
    pages = [
        browser.get(f"/sessies/{session.slug}/{path}").text for path in ("live", "podium", "peilingen", "")
    ]
    with app.app_context():
        hall = [item for item in items.changes_since(session.id, 0).hall if item["kind"] == "poll"]
    return json.dumps(hall) + "".join(pages)


def test_only_what_was_shown_reaches_the_room(app, make, session, jolien, poll):
    for text in ("Een bankje bij de vijver", "Mevrouw Geheim is een dief"):
        assert write(make, make.guest(), session, poll, text)["ok"]
    before = of_the_room(app, make, session)
    assert show(app, make, session, jolien, poll, "Een bankje bij de vijver")["ok"]
    while_open = of_the_room(app, make, session)
    make.do(events.CLOSE, jolien, session, poll=poll)
    closed = of_the_room(app, make, session)
    make.do(events.RESULTS, jolien, session, poll=poll, on=True)
    told = of_the_room(app, make, session)
    desk = make.browser(jolien).get(f"/sessies/{session.slug}/regie").text

    for there in (while_open, closed, told):
        assert "bankje" in there
        assert "Geheim" not in there
    assert "bankje" not in before
    assert "Geheim" in desk
    with app.app_context():
        assert numbers_of(db.session.get(Poll, UUID(poll))) == [("Een bankje bij de vijver", 1)]

    assert show(app, make, session, jolien, poll, "Een bankje bij de vijver", on=False)["ok"]
    assert "bankje" not in of_the_room(app, make, session)


def test_a_shown_text_is_gone_when_its_writer_changes_it(app, make, session, jolien, poll):
    noor, mo = make.guest("Noor"), make.guest("Mo")
    write(make, noor, session, poll, "Een bankje")
    write(make, mo, session, poll, "een BANKJE!")
    show(app, make, session, jolien, poll, "Een bankje")
    write(make, noor, session, poll, "Een prullenbak")

    assert answers(app, poll) == {
        "Een bankje": ("Een bankje", 1, True),
        "Een prullenbak": ("Een prullenbak", 1, False),
    }
    assert "bankje" in of_the_room(app, make, session)
    before = revision_of(app, session)
    write(make, mo, session, poll)  # takes it back
    with app.app_context():
        [item] = [item for item in items.changes_since(session.id, before).hall if item["kind"] == "poll"]
        assert (item["options"], db.session.query(Ballot).count()) == ([], 1)
    assert "bankje" not in of_the_room(app, make, session)


def test_answers_that_are_alike_are_one_group_with_one_count(app, make, session, jolien, poll):
    said = [
        "Meer bomen in de straat",
        "bomen in onze straat graag",
        "Meer bomen in de straat.",
        "Een buurthuis",
    ]
    for text in said:
        write(make, make.guest(), session, poll, text)

    assert answers(app, poll) == {
        said[0]: (said[0], 2, False),
        said[1]: (said[0], 1, False),
        said[3]: (said[3], 1, False),
    }
    show(app, make, session, jolien, poll, said[0], said[1])
    for verb, more in ((events.CLOSE, {}), (events.RESULTS, {"on": True})):
        make.do(verb, jolien, session, poll=poll, **more)
    with app.app_context():
        assert numbers_of(db.session.get(Poll, UUID(poll))) == [("Meer bomen in de straat", 3)]
        [item] = [item for item in items.changes_since(session.id, 0).hall if item["kind"] == "poll"]
    assert (item["options"], item["results"]) == (["Meer bomen in de straat"], [3])


@given(st.lists(st.text(max_size=20), max_size=12))
def test_every_answer_is_in_one_group_and_counts_once(texts):
    made, heads = [], []
    for place, text in enumerate({key_of(text): text for text in texts}.values()):
        group = group_for(text, heads)
        if group is None:
            heads.append((place, text))
        made.append(
            PollAnswer(number=place, group_number=place if group is None else group, text=text, ballots=place)
        )

    groups = groups_of(made)

    assert sorted(each.number for group in groups for each in group.answers) == list(range(len(made)))
    assert sum(group.number for group in groups) == sum(each.ballots for each in made)
    assert len(groups) == len(heads)


@pytest.mark.parametrize("texts", [["a" * 121], [""], ["een", "twee"], "tekst", [1], ["a", "b", "c", "d"]])
def test_what_is_too_long_or_too_much_is_refused(app, make, session, poll, texts):
    assert write(make, make.guest(), session, poll, "a" * 120)["ok"]
    try:
        refused = make.do(events.BALLOT, make.guest(), session, poll=poll, texts=texts)["error"]["fields"]
    except InvalidInput as broken:
        refused = broken.fields
    assert list(refused) == ["texts"]
    assert len(answers(app, poll)) == 1


def test_who_chooses_in_one_kind_cannot_write_in_it_and_the_reverse(make, session, jolien, poll):
    other = open_poll(make, session, jolien)

    assert list(write(make, make.guest(), session, other, "Groen")["error"]["fields"]) == ["texts"]
    chosen = make.do(events.BALLOT, make.guest(), session, poll=poll, choices=[0])
    assert list(chosen["error"]["fields"]) == ["choices"]
    shown = make.do(events.SHOW, jolien, session, poll=other, answers=[0], on=True, seen=10**9)
    assert shown["error"]["code"] == "polls.not_there"


def test_what_a_colleague_decided_later_is_not_undone_and_names_them(app, make, session, jolien, poll):
    ruben = make.moderator("Ruben")
    write(make, make.guest(), session, poll, "Een bankje")
    seen = revision_of(app, session)
    assert show(app, make, session, ruben, poll, "Een bankje", seen=seen)["ok"]
    assert show(app, make, session, ruben, poll, "Een bankje", on=False)["ok"]

    late = show(app, make, session, jolien, poll, "Een bankje", seen=seen)
    assert (late["error"]["code"], late["error"]["by"]) == ("polls.changed", "Ruben")
    assert answers(app, poll) == {"Een bankje": ("Een bankje", 1, False)}
    assert show(app, make, session, jolien, poll, "Een bankje")["ok"]


def test_a_tick_is_for_the_text_that_was_read_and_for_no_later_one(app, make, session, jolien, poll):
    noor = make.guest()
    write(make, noor, session, poll, "Een bankje")
    ticked = number_of(app, poll, "Een bankje")
    write(make, noor, session, poll, "Een vies woord")

    unread = make.do(
        events.SHOW, jolien, session, poll=poll, answers=[ticked], on=True, seen=revision_of(app, session)
    )
    assert list(unread["error"]["fields"]) == ["answers"]
    assert answers(app, poll) == {"Een vies woord": ("Een vies woord", 1, False)}


def test_nothing_stored_tells_in_which_order_or_at_which_revision_answers_came(
    app, make, session, jolien, poll
):
    texts = [f"{word} in de straat" for word in ("Bomen", "Licht", "Muziek", "Water", "Rust", "Ruimte")]
    told = [write(make, make.guest(), session, poll, text)["revision"] for text in texts]
    make.do(events.CLOSE, jolien, session, poll=poll)

    with app.app_context():
        rows = db.session.execute(select(PollAnswer.__table__)).mappings().all()
        stored = " ".join(db.session.scalars(select(Operation.result)))
        assert not db.session.query(Ballot).count()
    assert all(
        str(revision) in stored for revision in told
    )  # so a revision of an answer would lead to its writer
    assert {row["text"] for row in rows} == set(texts)
    assert {row["revision"] for row in rows} == {0}
    assert {row["number"] for row in rows}.isdisjoint(range(1000))
    assert PollAnswer.__table__.dialect_options["sqlite"]["with_rowid"] is False
    assert not any(text in stored for text in texts)


def test_what_was_shown_is_in_no_stored_operation_and_a_replay_reads_it_as_it_is_now(
    app, make, session, jolien, poll
):
    write(make, make.guest(), session, poll, "Een bankje")
    number, seen = number_of(app, poll, "Een bankje"), revision_of(app, session)
    message = {"poll": poll, "answers": [number], "on": True, "seen": seen, "op": "a" * 32}

    first = make.do(events.SHOW, jolien, session, **message)
    again = make.do(events.SHOW, jolien, session, **message)

    assert first["poll"]["options"] == again["poll"]["options"] == ["Een bankje"]
    with app.app_context():
        assert not any("bankje" in each for each in db.session.scalars(select(Operation.result)))


def test_a_deleted_account_takes_its_answer_along_while_the_poll_is_open(
    app, make, session, jolien, poll, now
):
    noor, mo = make.guest("Noor"), make.guest("Mo")
    write(make, noor, session, poll, "Een bankje")
    write(make, mo, session, poll, "Een prullenbak")
    show(app, make, session, jolien, poll, "Een bankje", "Een prullenbak")
    assert "bankje" in of_the_room(app, make, session)
    before = revision_of(app, session)
    with app.app_context(), transaction():
        take_back_what_they_wrote(noor.id, now)

    assert list(answers(app, poll)) == ["Een prullenbak"]
    with app.app_context():
        [item] = [item for item in items.changes_since(session.id, before).hall if item["kind"] == "poll"]
        assert (item["options"], db.session.query(Ballot).count()) == (["Een prullenbak"], 1)


def test_a_cancelled_session_takes_no_more_answers_and_shows_what_it_has(
    app, make, session, jolien, poll, now
):
    write(make, make.guest(), session, poll, "Een bankje")
    with app.app_context(), transaction():
        db.session.get(ProgrammeSession, session.id).status = SessionStatus.CANCELLED

    late = write(make, make.guest(), session, poll, "Een prullenbak")
    assert late["error"]["code"] == "polls.not_open"
    assert tally_due(app) == 1
    assert list(answers(app, poll)) == ["Een bankje"]
    with app.app_context():
        assert db.session.query(Ballot).count() == 0


def test_closing_leaves_texts_without_writers_and_the_unshown_go_a_day_later(
    app, make, session, jolien, poll
):
    for text in ("Een bankje", "Een prullenbak"):
        write(make, make.guest(), session, poll, text)
    show(app, make, session, jolien, poll, "Een bankje")
    make.do(events.CLOSE, jolien, session, poll=poll)
    assert set(answers(app, poll)) == {"Een bankje", "Een prullenbak"}  # a moderator may still show it
    rule = next(rule for rule in retention_table() if rule.kind == "poll_answer")

    def tidy(after):
        with app.app_context(), transaction():
            return rule.tidy(over(rule, session.ends_at + after))

    assert (tidy(timedelta(hours=23)), tidy(timedelta(hours=25))) == (0, 1)
    assert set(answers(app, poll)) == {"Een bankje"}
    with app.app_context():
        assert db.session.query(Ballot).count() == 0


def test_what_one_wrote_is_in_their_own_file_while_it_can_be_traced(app, make, session, jolien, poll):
    noor = make.guest("Noor")
    write(make, noor, session, poll, "Een bankje")

    def exported():
        with app.app_context():
            return my_data(noor.id).get("poll_answer", [])

    before = exported()
    make.do(events.CLOSE, jolien, session, poll=poll)

    assert (before, exported()) == ([{"text": "Een bankje"}], [])


def test_a_guest_who_turns_out_to_have_an_account_wrote_once(app, make, session, jolien, poll, now):
    guest, account = make.guest("Noor"), make.identity("Noor")
    write(make, guest, session, poll, "Een bankje")
    write(make, account, session, poll, "Een prullenbak")
    show(app, make, session, jolien, poll, "Een bankje")
    before = revision_of(app, session)
    with app.app_context(), transaction():
        one_ballot_each(guest.id, account.id, now)

    assert answers(app, poll) == {"Een prullenbak": ("Een prullenbak", 1, False)}
    with app.app_context():
        [item] = [item for item in items.changes_since(session.id, before).hall if item["kind"] == "poll"]
        assert item["options"] == []
    assert "bankje" not in of_the_room(app, make, session)


def test_it_works_with_plain_forms_and_what_was_typed_survives(app, make, session, jolien, poll):
    browser, desk = make.browser(make.guest()), make.browser(jolien)
    address = f"/sessies/{session.slug}/peilingen/{poll}/stem"
    refused = browser.post(address, data={"text": "x" * 130})
    assert (refused.status_code, "x" * 130 in refused.text) == (422, True)
    done = browser.post(address, data={"text": "Een bankje"}, follow_redirects=True).text
    assert "Je antwoord is binnen." in done
    assert 'value="Een bankje"' in done

    page = desk.get(f"/sessies/{session.slug}/regie").text
    seen = page.split(f"{poll}/antwoorden")[1].split('name="seen" value="')[1].split('"')[0]
    base = f"/sessies/{session.slug}/regie/peilingen/{poll}/antwoorden"
    nothing = desk.post(base, data={"seen": seen, "on": "1"}, follow_redirects=True).text
    assert "Kies eerst een antwoord" in nothing
    ticked = {"seen": seen, "on": "1", "answer": str(number_of(app, poll, "Een bankje"))}
    shown = desk.post(base, data=ticked, follow_redirects=True).text
    assert "De zaal ziet deze antwoorden." in shown
    assert "Een bankje" in of_the_room(app, make, session)
    again = browser.post(address, data={"text": " "}, follow_redirects=True).text
    assert "Je antwoord is weg." in again
    assert answers(app, poll) == {}


def test_who_sends_their_text_too_late_reads_why_and_can_copy_it(make, session, jolien, poll):
    browser = make.browser(make.guest())
    make.do(events.CLOSE, jolien, session, poll=poll)

    late = browser.post(f"/sessies/{session.slug}/peilingen/{poll}/stem", data={"text": "Een lange gedachte"})

    assert late.status_code == 422
    assert "Deze peiling is niet open." in late.text
    assert "Een lange gedachte" in late.text
