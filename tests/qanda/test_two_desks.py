"""Optimistic concurrency control of two moderators, one with stale data (lost update, ABA)."""

import re
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagvandebuurt.core.db import db
from dagvandebuurt.moderation import events as reports
from dagvandebuurt.polls import events as polls
from dagvandebuurt.polls.models import Poll, PollStatus
from dagvandebuurt.qanda import concurrency, events, items
from dagvandebuurt.qanda.models import AskingRules, Question, QuestionChange, QuestionStatus
from dagvandebuurt.qanda.states import MACHINE

DEEDS = {
    "show": (events.SHOW, {}),
    "hide": (events.HIDE, {"reason": "respect"}),
    "ready": (events.SHORTLIST, {"on": True}),
    "not ready": (events.SHORTLIST, {"on": False}),
    "live": (events.LIVE, {"on": True}),
    "rest": (events.LIVE, {"on": False}),
    "answer": (events.ANSWER, {}),
    "merge": (events.MERGE, {}),
    "apart": (events.UNMERGE, {}),
    "undo": (events.UNDO, {}),
    "claim": (events.CLAIM, {}),
}
TOGETHER = {f"several {deed}": {"deed": deed} for deed in ("show", "hide")}
TOGETHER["several hide"]["reason"] = "respect"


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def ruben(make):
    return make.moderator("Ruben")


class Desk:
    """Page of a moderator: what it shows, and what it sent that did not arrive yet."""

    def __init__(self, make, session, who):
        self.make, self.session, self.who = make, session, who
        self.outbox = []
        self.pair = []  # the questions it merges
        self.shown = {}
        self.look()

    def look(self):
        with self.make.context():
            db.session.expire_all()
            found = db.session.query(Question).filter_by(session_id=self.session.id).all()
            self.shown = {each.id: card for each, card in zip(found, items.desk_cards(found), strict=True)}

    def press(self, name, question_id):
        """Queue an action with the revision this page shows, where the page has such a button."""
        card = self.shown[question_id]
        if name in TOGETHER:
            about = [{"question": str(question_id), "seen": card["desk_revision"]}]
            message = {"op": uuid4().hex, "questions": about, **TOGETHER[name]}
            self.outbox.append((name, question_id, events.SEVERAL, message, dict(self.shown)))
            return
        verb, fields = DEEDS[name]
        message = {"question": str(question_id), "op": uuid4().hex, **fields}
        if name == "answer":
            message |= {"text": f"Zegt {self.who.name}", "instead_of": card["answer"] or ""}
        else:
            message["seen"] = card["desk_revision"]
        if name == "live":
            live = [each["id"] for each in self.shown.values() if each["status"] == "live"]
            message["instead_of"] = live[0] if live else None
        if name == "merge":
            message["into"] = str(next(each for each in self.pair if each != question_id))
        self.outbox.append((name, question_id, verb, message, dict(self.shown)))

    def send(self):
        """Deliver the oldest queued action. Returns what it was pressed on, and its acknowledgement."""
        name, question_id, verb, message, saw = self.outbox.pop(0)
        answer = self.make.do(verb, self.who, self.session, **message)
        if name in TOGETHER and answer["refused"]:
            assert not answer["done"]
            answer = {"ok": False, "error": answer["refused"][0]["error"]}
        return name, question_id, saw, answer


def _changes(question_id):
    return (
        db.session.query(QuestionChange.moderator_name, QuestionChange.before, QuestionChange.after)
        .filter_by(question_id=question_id)
        .all()
    )


def _last(question_id):
    found = (
        db.session.query(QuestionChange).filter_by(question_id=question_id).order_by(QuestionChange.at.desc())
    )
    change = found.first()
    return change.moderator_name if change else None


def _state(make, *questions):
    with make.context():
        db.session.expire_all()
        return {question.id: db.session.get(Question, question.id).status for question in questions}


def test_stale_show_does_not_undo_a_colleagues_hide(make, session, jolien, ruben):
    question = make.question(session)
    phone = Desk(make, session, ruben)
    phone.press("show", question.id)  # his phone is offline
    desk = Desk(make, session, jolien)
    desk.press("hide", question.id)
    assert desk.send()[3]["ok"]

    *_, late = phone.send()

    assert _state(make, question) == {question.id: QuestionStatus.HIDDEN}
    assert (late["error"]["code"], late["error"]["status"], late["error"]["by"]) == (
        "qanda.changed", "hidden", "Jolien",
    )  # fmt: skip


def test_hidden_question_may_be_shown_after_seeing_that_it_was_hidden(make, session, jolien, ruben):
    question = make.question(session)
    make.do(events.HIDE, jolien, session, question=str(question.id), reason="respect", seen=0)
    desk = Desk(make, session, ruben)
    desk.press("show", question.id)

    assert desk.send()[3]["ok"]


def test_stale_put_live_does_not_change_the_stage(make, session, jolien, ruben):
    first, second = (make.question(session, status=QuestionStatus.VISIBLE) for _ in range(2))
    phone = Desk(make, session, ruben)
    phone.press("live", first.id)
    desk = Desk(make, session, jolien)
    desk.press("live", second.id)
    assert desk.send()[3]["ok"]

    *_, late = phone.send()

    error = late["error"]
    assert (error["code"], error["live"], error["by"]) == ("qanda.stage_changed", str(second.id), "Jolien")
    assert "Jolien heeft intussen een andere vraag aan de beurt gezet." in error["message"]
    assert _state(make, first, second)[second.id] is QuestionStatus.LIVE
    phone.look()
    phone.press("live", first.id)  # now it was seen
    assert phone.send()[3]["ok"]


def test_stale_hide_of_a_waiting_question_succeeds(make, session, jolien, ruben):
    """Fail-safe: a name or a threat does not stay public because of a conflict."""
    question = make.question(session)
    phone = Desk(make, session, ruben)
    phone.press("hide", question.id)
    make.do(events.SHOW, jolien, session, question=str(question.id), seen=0)

    assert phone.send()[3]["ok"]
    assert _state(make, question) == {question.id: QuestionStatus.HIDDEN}


def test_stale_hide_does_not_remove_a_question_from_the_stage(make, session, jolien, ruben):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    phone = Desk(make, session, ruben)
    phone.press("hide", question.id)
    desk = Desk(make, session, jolien)
    desk.press("live", question.id)
    desk.send()

    assert phone.send()[3]["error"]["status"] == "live"


def test_aba_change_is_detected(make, session, jolien, ruben):
    """ABA: the status is the same again, the decision is not."""
    question = make.question(session, status=QuestionStatus.VISIBLE)
    phone = Desk(make, session, ruben)
    phone.press("hide", question.id)
    for name in ("hide", "show"):
        desk = Desk(make, session, jolien)
        desk.press(name, question.id)
        assert desk.send()[3]["ok"]

    assert phone.send()[3]["error"]["by"] == "Jolien"


def _nothing_is_silently_undone(make, session, people, moves):
    """Assert that every applied action was based on what its user saw, and every other one was refused with a
    name.
    """
    questions = [make.question(session) for _ in range(2)]
    desks = [Desk(make, session, who) for who in people]
    for desk in desks:
        desk.pair = [question.id for question in questions]
    told = set()
    for which, what, number in moves:
        desk = desks[which]
        if what == "look":
            desk.look()
        elif what == "arrive":
            if not desk.outbox:
                continue
            before = _state(make, *questions)
            with make.context():
                last = {each.id: _last(each.id) for each in questions}
            name, question_id, saw, answer = desk.send()
            told.add((name, answer["ok"]))
            if answer["ok"]:
                was, now = saw[question_id]["status"], before[question_id].value
                if name == "undo":  # nobody decided since, and it was theirs
                    assert last[question_id] == desk.who.name
                late_hide = (name.removeprefix("several "), was, now) == ("hide", "waiting", "visible")
                assert name == "answer" or was == now or late_hide
                live = [i for i, status in before.items() if status is QuestionStatus.LIVE]
                seen_live = [i for i, card in saw.items() if card["status"] == "live" and i in before]
                assert name != "live" or live == seen_live
            elif answer["error"]["code"] == "qanda.claimed":
                assert answer["error"]["by"] in {"Jolien", "Ruben"} - {desk.who.name}
            elif answer["error"]["code"] == "qanda.changed" and before[question_id] not in ("waiting",):
                with make.context():
                    about = [question_id]
                    if name == "merge":  # it may be the other one that is not as it was
                        about += [each.id for each in questions if each.id != question_id]
                    named = answer["error"]["by"] in ("Jolien", "Ruben")
                    assert named or not all(_changes(each) for each in about)
        else:
            desk.press(what, questions[number].id)
    return told


MOVES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([*DEEDS, *TOGETHER, "look", "arrive", "arrive", "arrive"]),
        st.integers(0, 1),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_two_desks_in_any_order_undo_no_unseen_decision(make, session, jolien, ruben, moves):
    _nothing_is_silently_undone(make, session, (jolien, ruben), moves)


PAIRS = [(one, other) for one in DEEDS for other in DEEDS]
PAIRS += [(one, other) for one in TOGETHER for other in ("show", "hide", *TOGETHER)]
PAIRS += [(other, one) for one in TOGETHER for other in ("show", "hide", "undo")]


def _every_pair(make, session, people):
    told = set()
    for one, other in PAIRS:
        for setting in (
            [],
            [
                (0, "show", 0),
                (0, "show", 1),
                (0, "arrive", 0),
                (0, "arrive", 0),
                (0, "look", 0),
                (1, "look", 0),
            ],
        ):
            pressed = [*setting, (0, one, 0), (1, other, 0), (1, "arrive", 0), (0, "arrive", 0)]
            told |= _nothing_is_silently_undone(make, session, people, pressed)
    return told


def test_every_pair_of_concurrent_actions_of_two_desks(make, session, jolien, ruben):
    told = _every_pair(make, session, (jolien, ruben))

    rare = {("not ready", True), ("rest", True), ("apart", True)}
    names = [*DEEDS, *TOGETHER]
    assert {(name, True) for name in names} - rare <= told
    assert {(name, False) for name in names} <= told


def test_sabotage_ignoring_seen_is_detected(make, session, jolien, ruben, monkeypatch):
    monkeypatch.setattr(
        concurrency,
        "require_unchanged",
        lambda who, question, action, seen: MACHINE.require(question, action),
    )
    with pytest.raises(AssertionError):
        _every_pair(make, session, (jolien, ruben))


@pytest.mark.parametrize(
    ("name", "status", "is_done"),
    [
        ("show", "waiting", True), ("show", "hidden", False),
        ("hide", "waiting", True), ("hide", "visible", True), ("hide", "live", True), ("hide", "answered", True),
        ("live", "visible", True), ("answer", "visible", True), ("answer", "answered", False),
    ],
)  # fmt: skip
def test_without_seen_only_harmless_actions_are_accepted(make, session, ruben, name, status, is_done):
    question = make.question(session, status=QuestionStatus(status))
    verb, fields = DEEDS[name]
    text = {"text": "Ja."} if name == "answer" else {}

    answer = make.do(verb, ruben, session, question=str(question.id), **fields, **text)

    assert answer["ok"] == is_done
    assert is_done or answer["error"]["code"] == "qanda.changed"


def test_plain_form_carries_the_revision_shown(make, session, jolien, ruben):
    question = make.question(session)
    desk = make.browser(ruben)
    page = desk.get(f"/sessies/{session.slug}/regie").get_data(as_text=True)
    form = re.search(r'action="(/[^"]+/tonen)".*?</form>', page, re.S)
    seen = re.search(r'name="seen" value="(\d+)"', form[0])[1]
    make.do(events.HIDE, jolien, session, question=str(question.id), reason="respect", seen=0)

    answer = desk.post(form[1], data={"seen": seen})

    assert answer.status_code == 409
    assert "Jolien heeft deze al verborgen." in answer.get_data(as_text=True)
    assert _state(make, question) == {question.id: QuestionStatus.HIDDEN}


def test_every_form_of_the_desk_has_a_seen_field(make, session, jolien):
    for status in (
        QuestionStatus.WAITING,
        QuestionStatus.VISIBLE,
        QuestionStatus.LIVE,
        QuestionStatus.HIDDEN,
    ):
        question = make.question(session, status=status)
    make.report(session, question=make.question(session, status=QuestionStatus.VISIBLE))
    _poll(make, session, PollStatus.READY)
    desk = make.browser(jolien)
    base = f"/sessies/{session.slug}"
    without = []
    pages = ["/regie", "/regie/meldingen", f"/vragen/{make.question(session).id}/verplaatsen"]
    for page in pages:
        told = desk.get(base + page).get_data(as_text=True)
        for form in re.findall(r"<form.*?</form>", told, re.S):
            if "action=" not in form and "data-deed=" in form:
                continue  # of a template: the script sends it, with what the card saw
            path = re.search(r'action="([^"]*)"', form)[1]
            decides = re.search(r"/vragen/|vragenregels|/meldingen/|/peilingen/", path)
            if (
                decides
                and 'name="seen"' not in form
                and 'name="instead_of"' not in form
                and "oppakken" not in path
            ):
                without.append(path)
    assert question
    assert without == []


# --- the knobs, polls and reports ---


def test_stale_change_of_a_setting_is_refused(make, session, jolien, ruben):
    closed = make.do(events.ARRANGE, jolien, session, is_open=False, seen=0)

    late = make.do(events.ARRANGE, ruben, session, is_open=True, seen=0)
    blind = make.do(events.ARRANGE, ruben, session, is_open=True)
    again = make.do(events.ARRANGE, ruben, session, is_open=True, seen=closed["asking"]["revision"])

    assert late["error"] == blind["error"]
    assert (late["error"]["code"], late["error"]["by"]) == ("qanda.asking_changed", "Jolien")
    assert late["error"]["message"].startswith("Jolien heeft dit net veranderd.")
    assert again["ok"]
    with make.context():
        assert db.session.get(AskingRules, session.id).is_open


def _poll(make, session, status=PollStatus.DRAFT, who=None):
    who = who or make.moderator("Maker")
    fields = {"poll": str(uuid4()), "title": "Waar?", "kind": "single_choice", "options": ["hier", "daar"]}
    card = make.do(polls.WRITE, who, session, **fields)["poll"]
    for verb, reached in ((polls.READY, "ready"), (polls.OPEN, "open"), (polls.CLOSE, "closed")):
        if card["status"] == status.value:
            break
        card = make.do(verb, who, session, poll=card["id"], seen=card["desk_revision"])["poll"]
        assert card["status"] == reached
    return card


POLL_DEEDS = {
    "ready": (polls.READY, {}, PollStatus.DRAFT),
    "open": (polls.OPEN, {}, PollStatus.READY),
    "close": (polls.CLOSE, {}, PollStatus.OPEN),
    "results": (polls.RESULTS, {"on": True}, PollStatus.CLOSED),
}


@pytest.mark.parametrize("name", POLL_DEEDS)
def test_conflict_on_a_poll_names_the_first_moderator(make, session, jolien, ruben, name):
    verb, fields, status = POLL_DEEDS[name]
    card = _poll(make, session, status)
    message = {"poll": card["id"], "seen": card["desk_revision"], **fields}

    first, second = (make.do(verb, who, session, **message) for who in (jolien, ruben))

    assert first["ok"]
    assert (second["error"]["code"], second["error"]["by"]) == ("polls.changed", "Jolien")
    assert "Jolien" in second["error"]["message"]


def test_stale_publication_of_withheld_results_is_refused(make, session, jolien, ruben):
    card = _poll(make, session, PollStatus.CLOSED)
    late = {"poll": card["id"], "seen": card["desk_revision"], "on": True}
    for on in (True, False):
        seen = make.do(polls.RESULTS, jolien, session, poll=card["id"], on=on, seen=card["desk_revision"])
        card = seen["poll"]

    refused = make.do(polls.RESULTS, ruben, session, **late)
    blind = make.do(polls.RESULTS, ruben, session, poll=card["id"], on=True)

    assert refused["error"]["by"] == blind["error"]["by"] == "Jolien"
    with make.context():
        assert not db.session.query(Poll).one().results_shown


def test_stale_make_ready_of_a_changed_draft_is_refused(make, session, jolien, ruben):
    card = _poll(make, session)
    fields = {"poll": card["id"], "title": "Wanneer?", "kind": "single_choice", "options": ["nu", "straks"]}
    assert make.do(polls.WRITE, jolien, session, **fields, seen=card["desk_revision"])["ok"]

    assert not make.do(polls.READY, ruben, session, poll=card["id"], seen=card["desk_revision"])["ok"]
    assert not make.do(polls.WRITE, ruben, session, **fields, seen=card["desk_revision"])["ok"]


def test_stale_dismissal_of_a_claimed_report_is_refused(make, session, jolien, ruben):
    report = make.report(session)
    about = {"report": str(report.id)}
    make.do(reports.TAKE, jolien, session, **about, seen=0)

    late = make.do(reports.DISMISS, ruben, session, **about, seen=0, note="Mag.")
    again = make.do(reports.TAKE, ruben, session, **about, seen=0)

    assert late["error"]["message"].startswith("Jolien kijkt hier nu naar.")
    assert again["error"]["by"] == "Jolien"


def test_granted_appeal_does_not_show_a_question_hidden_again_for_another_reason(
    make, session, jolien, ruben
):
    question = make.question(session, status=QuestionStatus.VISIBLE)
    about = {"question": str(question.id)}
    make.do(events.HIDE, jolien, session, **about, reason="on_topic", seen=0)
    with make.context():
        change = db.session.query(QuestionChange).one().id
        seen = db.session.get(Question, question.id).desk_revision
    appeal = make.store(_appeal(session, question, change))
    shown = make.do(events.SHOW, ruben, session, **about, seen=seen)["question"]["desk_revision"]
    make.do(events.HIDE, ruben, session, **about, reason="personal_data", seen=shown)
    sanne = make.moderator("Sanne")

    for known in ({"seen": seen}, {}):
        late = make.do(
            reports.DECIDE, sanne, session, appeal=str(appeal.id), grant=True, note="Mag.", **known
        )
        assert (late["error"]["code"], late["error"]["by"]) == ("qanda.changed", "Ruben")
    assert _state(make, question) == {question.id: QuestionStatus.HIDDEN}


def _appeal(session, question, change_id):
    from dagvandebuurt.moderation.models import Appeal

    return Appeal(
        session_id=session.id, revision=0, question_id=question.id, change_id=change_id, text="Kijk nog eens.",
        against="Jolien", sent_at=session.starts_at,
    )  # fmt: skip
