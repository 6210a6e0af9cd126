"""Labels of the team: chosen by a session, put on questions as their presser saw them, never told to the room."""

import re
from uuid import uuid4

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.labelling import events
from dagvandebuurt.labelling.models import QuestionLabel
from dagvandebuurt.labelling.queries import labelled_in, names_on
from dagvandebuurt.live import items
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.qanda import events as qanda_events
from dagvandebuurt.qanda.models import QuestionStatus

TRAFFIC, YOUTH = str(uuid4()), str(uuid4())
TWO = [{"id": TRAFFIC, "name": "verkeer"}, {"id": YOUTH, "name": "jeugd"}]


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def ruben(make):
    return make.moderator("Ruben")


@pytest.fixture
def choose(make, session, jolien):
    def do(labels=TWO, who=jolien, **fields):
        return make.do(events.ARRANGE, who, session, labels=labels, **fields)

    return do


@pytest.fixture
def put(make, session):
    def do(who, *questions, label=TRAFFIC, on=True, seen=None, **fields):
        about = [{"question": str(each.id)} | ({} if seen is None else {"seen": seen}) for each in questions]
        return make.do(events.PUT, who, session, label=label, on=on, questions=about, **fields)

    return do


def on(make, question):
    """Return the names of the labels of a question."""
    with make.context():
        return names_on([question.id]).get(question.id, [])


def told(session, audience=Audience.DESK, since=0, kinds=("labels", "labelled")):
    found = items.changes_since(session.id, since).of(audience)
    return [item for item in found if item["kind"] in kinds]


def test_both_desks_get_the_labels_and_the_hall_nothing(make, session, choose, put, jolien, inside):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    chosen = choose()
    before = told(session, Audience.HALL, chosen["revision"], kinds=("question",))

    answer = put(jolien, question)

    assert answer["done"] == told(session, since=chosen["revision"])
    assert [(item["kind"], item["labels"]) for item in told(session)] == [
        ("labels", TWO),
        ("labelled", [TRAFFIC]),
    ]
    assert told(session, Audience.HALL) == []
    # Not even that something was done: the question of the hall is no newer for it.
    assert told(session, Audience.HALL, chosen["revision"], kinds=("question",)) == before == []


def test_a_late_press_does_not_undo_what_a_colleague_did(make, session, choose, put, jolien, ruben):
    choose()
    question = make.question(session)
    seen = put(jolien, question)["done"][0]["revision"]
    assert put(ruben, question, on=False, seen=seen)["done"]
    put(ruben, question, on=True)

    late = put(jolien, question, on=False, seen=seen)

    [refused] = late["refused"]
    assert (refused["error"]["code"], refused["error"]["by"]) == ("labelling.label_changed", "Ruben")
    assert "Ruben" in refused["error"]["message"]
    assert on(make, question) == ["verkeer"]
    # Who now knows, presses again, and it is done.
    assert put(jolien, question, on=False, seen=late["now"][0]["revision"])["done"]
    assert on(make, question) == []


def test_who_says_nothing_of_what_was_seen_undoes_nothing(make, session, choose, put, jolien, ruben):
    choose()
    question = make.question(session)
    put(ruben, question)

    assert put(jolien, question, on=False)["refused"]
    assert put(jolien, question, on=True)["done"]  # it is on already
    assert put(ruben, question, on=False)["done"]  # one's own


def test_two_labels_at_once_do_not_stand_in_each_others_way(make, session, choose, put, jolien, ruben):
    choose()
    question = make.question(session)

    assert put(jolien, question, label=TRAFFIC, seen=0)["done"]
    assert put(ruben, question, label=YOUTH, seen=0)["done"]

    assert on(make, question) == ["verkeer", "jeugd"]


@pytest.mark.parametrize("order", ["".join((a, b, c)) for a in "jr" for b in "jr" for c in "jr"])
def test_two_desks_in_any_order_undo_nothing_unseen(make, session, choose, put, jolien, ruben, order):
    """Each desk presses what it saw the other way round, and sees nothing in between: only its own is changed."""
    choose()
    question = make.question(session)
    last = None
    for each in order:
        who = {"j": jolien, "r": ruben}[each]
        was = on(make, question)
        answer = put(who, question, on=not was, seen=0)
        assert bool(answer["done"]) == (last in (None, each)), order
        last = last if answer["refused"] else each


def test_a_label_is_no_decision_about_the_question(make, session, choose, put, jolien, ruben):
    choose()
    question = make.question(session)
    put(ruben, question)

    shown = make.do(qanda_events.SHOW, jolien, session, question=str(question.id), seen=0)

    assert shown["question"]["status"] == "visible"
    undone = make.do(
        qanda_events.UNDO, jolien, session, question=str(question.id), seen=shown["question"]["desk_revision"]
    )
    assert undone["question"]["status"] == "waiting"
    assert on(make, question) == ["verkeer"]


def test_several_at_once_and_one_that_is_gone_is_listed(make, session, choose, put, jolien):
    choose()
    asker = make.identity("Ria")
    three = [make.question(session), make.question(session, asker=asker), make.question(session)]
    make.do(qanda_events.WITHDRAW, asker, session, question=str(three[1].id))

    answer = put(jolien, *three)

    assert [each["id"] for each in answer["done"]] == [str(three[0].id), str(three[2].id)]
    assert [each["question"] for each in answer["refused"]] == [str(three[1].id)]


def test_pressed_twice_it_is_done_once(make, session, choose, put, jolien):
    choose()
    question = make.question(session)

    first, again = (put(jolien, question, op="the-same-press") for _ in range(2))

    assert first == again
    with make.context():
        assert db.session.query(QuestionLabel).count() == 1


def test_another_name_stays_on_the_questions_and_what_is_left_out_goes(make, session, choose, put, jolien):
    first = choose()
    question = make.question(session)
    put(jolien, question, label=TRAFFIC)
    put(jolien, question, label=YOUTH)

    choose([{"id": TRAFFIC, "name": "straat"}], seen=first["labels"]["revision"])

    assert on(make, question) == ["straat"]
    gone = put(jolien, question, label=YOUTH)
    assert gone["refused"][0]["error"]["code"] == "labelling.no_such_label"


def test_who_chooses_second_reads_who_was_first(make, choose, ruben):
    first = choose()

    second = choose([], who=ruben, seen=0)
    third = choose([], who=ruben, seen=first["labels"]["revision"])

    assert (second["error"]["code"], second["error"]["by"]) == ("labelling.labels_changed", "Jolien")
    assert third["ok"]


@pytest.mark.parametrize(
    "labels",
    [
        [{"id": str(uuid4()), "name": f"label {number}"} for number in range(9)],
        [{"id": TRAFFIC, "name": "verkeer"}, {"id": YOUTH, "name": "Verkeer"}],
        [{"id": TRAFFIC, "name": "verkeer"}, {"id": TRAFFIC, "name": "jeugd"}],
        [{"id": TRAFFIC, "name": "a" * 25}],
        [{"id": TRAFFIC, "name": " "}],
    ],
)
def test_bad_labels_are_refused(choose, labels):
    with pytest.raises(InvalidInput):
        choose(labels)
    assert choose()["ok"]


def test_who_runs_another_session_reads_and_puts_none(make, session, choose, put):
    choose()
    there = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    stranger = make.moderator("Sanne", there)

    assert put(stranger, make.question(session))["error"]["code"] == "house.not_allowed"
    assert make.browser(stranger).get(f"/sessies/{session.slug}/regie/labels").status_code == 403


def test_who_makes_the_programme_chooses_labels_and_reads_no_question(make, session, choose):
    make.question(session, text="Wie leest dit?")
    choose()
    organiser = make.browser(make.person("Petra", roles=["organiser"]))
    path = f"/sessies/{session.slug}/regie/labels"

    page = organiser.get(path).text
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    kept = re.findall(r'name="nummer" value="([^"]+)"', page)
    assert kept[:2] == [TRAFFIC, YOUTH]
    names = ["straat", "", "groen", *[""] * 5]
    answer = organiser.post(path, data={"seen": seen, "nummer": kept, "naam": names}, follow_redirects=True)

    assert "Dit zijn nu de labels van deze sessie." in answer.text
    assert re.findall(r'name="naam" value="([^"]+)"', answer.text) == ["straat", "groen"]
    assert "Wie leest dit?" not in page + answer.text


def test_refused_labels_keep_what_was_typed(make, session, choose, jolien):
    choose()
    path = f"/sessies/{session.slug}/regie/labels"

    answer = make.browser(jolien).post(
        path, data={"seen": "0", "nummer": [TRAFFIC, YOUTH], "naam": ["half getypt", "jeugd"]}
    )

    assert answer.status_code == 409 or answer.status_code == 422
    assert "half getypt" in answer.text
    assert "Jolien koos net andere labels" in answer.text


def test_by_form_one_press_puts_it_on_and_one_takes_it_off(make, session, choose, jolien):
    choose()
    question = make.question(session)
    desk, path = make.browser(jolien), f"/sessies/{session.slug}/regie"

    for wanted in (["verkeer"], []):
        card = re.search(r'<article class="desk-card".*?</article>', desk.get(path).text, re.S)[0]
        row = re.search(r'<form class="labels".*?</form>', card, re.S)[0]
        button = re.search(rf'value="({TRAFFIC}:1?)"', row)[1]
        seen = re.search(r'name="seen" value="(\d+)"', row)[1]
        action = re.search(r'action="([^"]+)"', row)[1]
        assert desk.post(action, data={"label": button, "seen": seen}).status_code == 303
        assert on(make, question) == wanted


def test_by_form_on_the_ticked_questions(make, session, choose, jolien):
    choose()
    three = [make.question(session, text=f"Vraag {number}?") for number in (1, 2, 3)]
    desk, path = make.browser(jolien), f"/sessies/{session.slug}/regie/labels"
    ticks = re.findall(r'name="vraag" value="([^"]+)"', desk.get(path).text)
    first_two = [tick for tick in ticks if tick.startswith((str(three[0].id), str(three[1].id)))]

    none = desk.post(f"{path}/vragen", data={"label": f"{TRAFFIC}:1"})
    told = desk.post(
        f"{path}/vragen", data={"label": f"{TRAFFIC}:1", "vraag": first_two}, follow_redirects=True
    )

    assert (none.status_code, "Zet eerst een vinkje" in none.text) == (422, True)
    assert "Label op 2 vragen." in told.text
    assert [on(make, each) for each in three] == [["verkeer"], ["verkeer"], []]


def test_the_desk_filters_by_label(make, session, choose, put, jolien):
    choose()
    with_it, without = make.question(session, text="Met label?"), make.question(session, text="Zonder?")
    put(jolien, with_it)
    desk = make.browser(jolien)

    page = desk.get(f"/sessies/{session.slug}/regie?label={TRAFFIC}").text.partition("<template")[0]

    cards = re.findall(r'<article class="desk-card".*?</article>', page, re.S)
    assert {"Met label?" in card: " data-sifted" in card.partition(">")[0] for card in cards} == {
        True: False,
        False: True,
    }
    assert without


def test_a_muted_question_has_no_label_at_any_desk(make, session, choose, put, jolien):
    choose()
    question = make.question(session, asker=make.identity("Ria"))
    put(jolien, question)
    with make.context():
        assert labelled_in(session.id)
    with make.context():
        stored = db.session.get(type(question), question.id)
        stored.is_muted, stored.status, stored.hidden_reason = True, QuestionStatus.HIDDEN, "respect"
        db.session.commit()
        assert labelled_in(session.id) == {}


def test_an_erased_moderator_leaves_the_label_without_a_name(make, session, choose, put, jolien, ruben, now):
    choose()
    question = make.question(session)
    put(ruben, question)

    with make.context():
        erase(ruben.id, now=now)
        db.session.commit()

    [refused] = put(jolien, question, on=False)["refused"]
    assert refused["error"]["message"].startswith("Een collega plakte")


def test_labels_go_in_the_export_and_the_harvest(make, session, choose, put, jolien, monkeypatch):
    from dagvandebuurt.organisation import edition_exports
    from dagvandebuurt.programme.models import Edition

    choose()
    question = make.question(session, status=QuestionStatus.VISIBLE, was_public=True)
    put(jolien, question)

    with make.context():
        rows = edition_exports.question_rows(db.session.get(Edition, session.edition_id))
        assert [row[edition_exports.question_headers().index("Labels")] for row in rows] == ["verkeer"]
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at)
    desk = make.browser(jolien)
    harvest = desk.get(f"/sessies/{session.slug}/oogst").text
    assert '<bdi class="label__name" lang="nl">verkeer</bdi>' in harvest
