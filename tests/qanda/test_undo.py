"""Undo at the desk within moments, and merges that are taken apart: nothing is undone silently, nobody is lost."""

from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.moderation import events as reports
from dagvandebuurt.moderation.models import Report, ReportStatus
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question, QuestionStatus, Support
from dagvandebuurt.qanda.queries import UNDO_WITHIN

VISIBLE, WAITING, LIVE = QuestionStatus.VISIBLE, QuestionStatus.WAITING, QuestionStatus.LIVE
HIDE = {"reason": "respect", "note": "Noem geen namen."}


@pytest.fixture
def jolien(make):
    return make.moderator("Jolien")


@pytest.fixture
def ruben(make):
    return make.moderator("Ruben")


@pytest.fixture
def later(monkeypatch, now):
    def wait(delay):
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + delay)

    return wait


@pytest.fixture
def desk(make, session):
    class Desk:
        def do(self, verb, who, question, **fields):
            done = make.do(verb, who, session, question=str(question.id), **fields)
            assert done["ok"], done
            return done["question"]

        def undo(self, who, card, **fields):
            seen = {"question": card["id"], "seen": card["desk_revision"]}
            return make.do(events.UNDO, who, session, **seen | fields)

        def of(self, question):
            with make.context():
                db.session.expire_all()
                return db.session.get(Question, question.id)

        def supporters(self, question):
            with make.context():
                return set(
                    db.session.scalars(db.select(Support.supporter_key).filter_by(question_id=question.id))
                )

    return Desk()


def _support(make, session, question, *people):
    for person in people:
        assert make.do(events.SUPPORT, person, session, question=str(question.id), on=True)["ok"]


@pytest.mark.parametrize(
    ("status", "verb", "fields"),
    [
        (WAITING, events.SHOW, {}),
        (WAITING, events.HIDE, HIDE),
        (VISIBLE, events.HIDE, HIDE),
        (LIVE, events.HIDE, HIDE),
        (QuestionStatus.ANSWERED, events.HIDE, HIDE),
        (VISIBLE, events.SHORTLIST, {"on": True}),
        (QuestionStatus.SHORTLISTED, events.LIVE, {}),
        (LIVE, events.LIVE, {"on": False}),
    ],
)
def test_undo_brings_a_question_back_to_what_it_was(desk, make, session, jolien, status, verb, fields):
    question = make.question(session, status=status)
    card = desk.do(verb, jolien, question, seen=0, **fields)
    assert card["status"] != status

    undone = desk.undo(jolien, card)

    assert undone["ok"], undone
    assert undone["question"]["status"] == status
    found = desk.of(question)
    assert (found.hidden_reason, found.hidden_note) == (None, None)
    assert found.shown_at is None or status is not WAITING
    again = desk.undo(jolien, undone["question"])
    assert again["error"]["code"] == "qanda.cannot_undo"


def test_undo_of_showing_a_hidden_question_restores_the_reason(desk, make, session, jolien):
    question = make.question(session, status=VISIBLE)
    hidden = desk.do(events.HIDE, jolien, question, seen=0, **HIDE)
    shown = desk.do(events.SHOW, jolien, question, seen=hidden["desk_revision"])

    undone = desk.undo(jolien, shown)["question"]

    assert (undone["status"], undone["hidden_reason"], undone["hidden_note"]) == (
        "hidden", "respect", "Noem geen namen.",
    )  # fmt: skip


def test_undo_of_putting_on_stage_puts_the_former_one_back(desk, make, session, jolien):
    on_stage = make.question(session, status=LIVE)
    question = make.question(session, status=VISIBLE)
    card = desk.do(events.LIVE, jolien, question, seen=0, instead_of=str(on_stage.id))

    assert desk.undo(jolien, card)["question"]["status"] == "visible"
    assert desk.of(on_stage).status is LIVE


def test_undo_of_putting_on_stage_is_refused_when_the_former_one_was_hidden_meanwhile(
    desk, make, session, jolien, ruben
):
    on_stage = make.question(session, status=LIVE)
    question = make.question(session, status=VISIBLE)
    card = desk.do(events.LIVE, jolien, question, seen=0, instead_of=str(on_stage.id))
    desk.do(events.HIDE, ruben, on_stage, seen=desk.of(on_stage).desk_revision, **HIDE)

    assert desk.undo(jolien, card)["error"]["code"] == "qanda.cannot_undo"
    assert (desk.of(question).status, desk.of(on_stage).status) == (LIVE, QuestionStatus.HIDDEN)


def test_undo_after_a_colleague_decided_is_refused_with_the_name(desk, make, session, jolien, ruben):
    question = make.question(session)
    card = desk.do(events.SHOW, jolien, question, seen=0)
    desk.do(events.HIDE, ruben, question, seen=card["desk_revision"], **HIDE)

    refused = desk.undo(jolien, card)["error"]

    assert (refused["code"], refused["status"], refused["by"]) == ("qanda.changed", "hidden", "Ruben")
    assert desk.of(question).status is QuestionStatus.HIDDEN


def test_a_colleague_undoes_nothing_of_another(desk, make, session, jolien, ruben):
    card = desk.do(events.SHOW, jolien, make.question(session), seen=0)

    assert desk.undo(ruben, card)["error"]["by"] == "Jolien"


def test_a_late_undo_from_an_outbox_changes_nothing(desk, make, session, jolien, later):
    question = make.question(session)
    card = desk.do(events.SHOW, jolien, question, seen=0)
    later(UNDO_WITHIN + timedelta(seconds=1))

    assert desk.undo(jolien, card)["error"]["code"] == "qanda.too_late_to_undo"
    assert desk.of(question).status is VISIBLE


def test_a_double_press_undoes_once(desk, make, session, jolien):
    card = desk.do(events.SHOW, jolien, make.question(session), seen=0)
    op = {"op": "een-keer-en-nog-een-keer"}

    first, second = desk.undo(jolien, card, **op), desk.undo(jolien, card, **op)

    assert first["ok"]
    assert second["ok"]
    assert first["question"]["desk_revision"] == second["question"]["desk_revision"]


def test_an_answer_has_no_undo(desk, make, session, jolien):
    card = desk.do(events.ANSWER, jolien, make.question(session, status=VISIBLE), text="In mei.")

    assert desk.undo(jolien, card)["error"]["code"] == "qanda.cannot_undo"


def test_a_withdrawn_question_does_not_come_back(desk, make, session, jolien):
    noor = make.identity("Noor")
    question = make.question(session, noor)
    card = desk.do(events.SHOW, jolien, question, seen=0)
    make.do(events.WITHDRAW, noor, session, question=str(question.id))

    assert desk.undo(jolien, card)["error"]["status"] == "withdrawn"


def test_undo_of_hiding_reopens_its_reports_and_mails_nobody(desk, make, session, jolien):
    noor = make.identity("Noor")
    question = make.question(session, noor, status=VISIBLE)
    report = make.report(session, make.identity("Mo"), question=question)
    card = desk.do(events.HIDE, jolien, question, seen=0, **HIDE)
    with make.context():
        assert db.session.query(Mail).count() == 2
        assert db.session.get(Report, report.id).status is ReportStatus.UPHELD

    assert desk.undo(jolien, card)["ok"]

    with make.context():
        db.session.expire_all()
        found = db.session.get(Report, report.id)
        assert (found.status, found.is_upheld, found.decided_by) == (ReportStatus.RECEIVED, None, None)
        assert db.session.query(Mail).count() == 0
    dismissed = make.do(reports.DISMISS, jolien, session, report=str(report.id), note="Mag.", seen=0)
    assert dismissed["ok"]


def test_stale_hide_of_a_question_whose_showing_was_undone_succeeds(desk, make, session, jolien, ruben):
    """Fail-safe, as after showing alone: whoever wants to hide it saw it waiting."""
    question = make.question(session)
    desk.undo(jolien, desk.do(events.SHOW, jolien, question, seen=0))

    assert desk.do(events.HIDE, ruben, question, seen=0, **HIDE)["status"] == "hidden"


# --- merges ---


@pytest.fixture
def merged(make, session, desk, jolien):
    """Two questions with three supporters, of whom one supports both, merged; and the people."""
    one = make.question(session, make.identity("Noor"), status=VISIBLE, text="Waarom is het hier donker?")
    other = make.question(session, status=VISIBLE, text="Komt er licht op het veld?")
    people = {name: make.guest(name) for name in ("Mo", "Ali", "Sara")}
    _support(make, session, one, people["Mo"], people["Ali"])
    _support(make, session, other, people["Ali"], people["Sara"])
    own = desk.supporters(one), desk.supporters(other)
    return one, other, people, own, desk.do(events.MERGE, jolien, one, into=str(other.id), seen=0)


@pytest.mark.parametrize("verb", ["undo", "unmerge"])
def test_a_merge_is_taken_apart_with_the_supporters_of_each(desk, make, session, jolien, ruben, merged, verb):
    one, other, _people, own, card = merged
    if verb == "undo":
        done = desk.undo(jolien, card)
    else:
        done = make.do(events.UNMERGE, ruben, session, question=card["id"], seen=card["desk_revision"])

    assert done["ok"], done
    assert done["question"]["status"] == "visible"
    assert (desk.supporters(one), desk.supporters(other)) == own
    assert (desk.of(one).support_count, desk.of(other).support_count) == (2, 2)


def test_who_took_support_back_or_gave_it_since_is_counted_as_they_wish(desk, make, session, jolien, merged):
    one, other, people, _own, card = merged
    make.do(events.SUPPORT, people["Mo"], session, question=str(other.id), on=False)
    _support(make, session, other, make.guest("Kim"))

    desk.do(events.UNMERGE, jolien, one, seen=card["desk_revision"])

    assert (desk.of(one).support_count, desk.of(other).support_count) == (1, 3)
    assert (len(desk.supporters(one)), len(desk.supporters(other))) == (1, 3)


def test_one_of_two_merged_questions_leaves_the_support_of_the_other(desk, make, session, jolien, merged):
    one, other, people, _own, card = merged
    third = make.question(session, status=VISIBLE, text="Waar blijft de lamp?")
    _support(make, session, third, people["Mo"])
    desk.do(events.MERGE, jolien, third, into=str(other.id), seen=0)

    desk.do(events.UNMERGE, jolien, one, seen=card["desk_revision"])
    assert (desk.of(one).support_count, desk.of(other).support_count) == (2, 3)

    desk.do(events.UNMERGE, jolien, third, seen=desk.of(third).desk_revision)
    assert (desk.of(third).support_count, desk.of(other).support_count) == (1, 2)


def test_a_chain_of_merges_comes_apart(desk, make, session, jolien, merged):
    one, other, people, own, _card = merged
    last = make.question(session, status=VISIBLE, text="Wie regelt de verlichting?")
    _support(make, session, last, people["Sara"])
    desk.do(events.MERGE, jolien, other, into=str(last.id), seen=desk.of(other).desk_revision)
    assert desk.of(last).support_count == 3

    for question in (other, one):
        desk.do(events.UNMERGE, jolien, question, seen=desk.of(question).desk_revision)

    assert (desk.supporters(one), desk.supporters(other)) == own
    assert desk.of(last).support_count == 1


def test_a_stale_unmerge_is_refused(desk, make, session, jolien, ruben, merged):
    one, _other, _people, _own, card = merged
    desk.do(events.UNMERGE, ruben, one, seen=card["desk_revision"])

    late = make.do(events.UNMERGE, jolien, session, question=card["id"], seen=card["desk_revision"])

    assert (late["error"]["code"], late["error"]["by"]) == ("qanda.changed", "Ruben")


def test_the_asker_gets_an_answer_of_their_own_after_a_merge_was_taken_apart(
    desk, make, session, jolien, merged
):
    one, other, _people, _own, card = merged
    with make.context():
        noor = one.asker_id
    desk.do(events.ANSWER, jolien, other, text="Het veld krijgt licht.")
    desk.do(events.UNMERGE, jolien, one, seen=card["desk_revision"])
    with make.context():
        asker = type("Asker", (), {"id": noor, "is_known": True})()
        (told,) = items.mine(session.id, asker)["questions"]
    assert (told["merged_into"], told["answer"], told["timeline"]["standing"]) == (None, None, "readable")

    desk.do(events.ANSWER, jolien, one, text="De straat in juni.")

    with make.context():
        mails = [mail.text for mail in db.session.query(Mail).filter_by(kind="answered")]
    assert sum("De straat in juni." in text for text in mails) == 1


def test_the_kept_card_lists_what_is_merged_and_the_page_takes_it_apart(desk, make, session, jolien, merged):
    one, _other, _people, _own, card = merged
    browser = make.browser(jolien)
    page = browser.get(f"/sessies/{session.slug}/regie").get_data(as_text=True)
    assert "Hier zit 1 andere vraag in" in page
    assert "Waarom is het hier donker?" in page

    done = browser.post(
        f"/sessies/{session.slug}/vragen/{one.id}/uit-elkaar",
        data={"seen": card["desk_revision"]},
        follow_redirects=True,
    )

    assert "Uit elkaar gehaald." in done.get_data(as_text=True)
    assert desk.of(one).status is VISIBLE


# --- moving ---


def test_undo_of_passing_on_takes_the_question_and_its_support_back(desk, make, session, jolien):
    there = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    question = make.question(session, make.identity("Noor"), status=VISIBLE)
    _support(make, session, question, make.guest("Mo"))
    card = desk.do(events.MOVE, jolien, question, to=str(there.id), seen=0)

    assert desk.undo(jolien, card)["error"]["code"] == "qanda.cannot_undo"  # the other room is not locked
    undone = desk.undo(jolien, card, to=str(there.id))

    assert undone["ok"], undone
    assert (undone["question"]["status"], desk.of(question).support_count) == ("visible", 1)
    with make.context():
        left = db.session.query(Question).filter_by(session_id=there.id).one()
        assert (left.status, left.moved_to_id, left.support_count) == (QuestionStatus.MOVED, question.id, 0)


def test_undo_of_passing_on_is_refused_once_the_other_desk_decided(desk, make, session, jolien, ruben):
    there = make.session("Een andere zaal", starts_at=session.starts_at, ends_at=session.ends_at)
    card = desk.do(events.MOVE, jolien, make.question(session, status=VISIBLE), to=str(there.id), seen=0)
    with make.context():
        moved = db.session.query(Question).filter_by(session_id=there.id).one()
    make.do(events.HIDE, ruben, there, question=str(moved.id), seen=moved.desk_revision, **HIDE)

    refused = desk.undo(jolien, card, to=str(there.id))["error"]

    assert (refused["code"], refused["by"]) == ("qanda.changed", "Ruben")


# --- without a script ---


def test_the_page_offers_to_undo_for_as_long_as_the_server_takes_it(
    desk, make, session, jolien, ruben, later
):
    question = make.question(session)
    browser = make.browser(jolien)
    base = f"/sessies/{session.slug}"
    shown = browser.post(f"{base}/vragen/{question.id}/tonen", data={"seen": "0"}, follow_redirects=True)
    assert "Getoond aan de zaal:" in shown.get_data(as_text=True)
    assert "data-undoable" not in make.browser(ruben).get(f"{base}/regie").get_data(as_text=True)

    seen = desk.of(question).desk_revision
    undone = browser.post(f"{base}/vragen/{question.id}/ongedaan", data={"seen": seen}, follow_redirects=True)
    assert "Ongedaan gemaakt." in undone.get_data(as_text=True)
    assert desk.of(question).status is WAITING

    browser.post(f"{base}/vragen/{question.id}/tonen", data={"seen": desk.of(question).desk_revision})
    later(UNDO_WITHIN + timedelta(seconds=2))
    assert "data-undoable" not in browser.get(f"{base}/regie").get_data(as_text=True)
    late = browser.post(
        f"{base}/vragen/{question.id}/ongedaan", data={"seen": desk.of(question).desk_revision}
    )
    assert "Dit is te lang geleden" in late.get_data(as_text=True)
