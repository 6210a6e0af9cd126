"""Hidden names (impersonation, doxxing, a leaked name): in every output, and on later questions."""

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dagvandebuurt.agenda.models import FollowUp, FollowUpQuestion
from dagvandebuurt.agenda.models import FollowUpStatus as Point
from dagvandebuurt.core.clock import now as clock_now
from dagvandebuurt.core.db import db
from dagvandebuurt.live import items
from dagvandebuurt.people.lifecycle import account_merging
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.models import Question, QuestionChange, QuestionStatus

NAME = "Kaneriebet Zomerlust"
TOLD = "Je naam is hier verborgen"


@pytest.fixture
def jolien(make, session):
    return make.moderator("Jolien", session)


@pytest.fixture
def ruben(make, session):
    return make.moderator("Ruben", session)


@pytest.fixture
def noor(make):
    return make.identity(NAME)


def _ask(make, who, session, text="Wie helpt?", appear="name"):
    asked = make.do(events.ASK, who, session, id=str(uuid4()), text=text, appear=appear)
    return asked["question"]


def _show(make, moderator, session, question):
    return make.do(events.SHOW, moderator, session, question=question["id"], seen=0)["question"]


def _hide_name(make, moderator, session, question, **fields):
    return make.do(events.HIDE_NAME, moderator, session, question=question["id"], **fields)


def _kept(app, question):
    with app.app_context():
        return db.session.get(Question, UUID(question["id"]))


def _page(browser, path, **more):
    return browser.get(path, **more).get_data(as_text=True)


def _what_others_get(app, make, session, question):
    """Return all output for readers other than the desk, by entry point."""
    guest, room = make.browser(make.guest()), f"/sessies/{session.slug}"
    organiser = make.browser(make.person(roles=["organiser"]))
    paths = (
        f"{room}/live", f"{room}/live/state", f"{room}/podium", f"{room}", f"{room}/vragen/{question['id']}/melden",
        f"/vragen/{question['id']}", "/agenda", "/zoeken?q=helpt", "/api/v1/sessions",
    )  # fmt: skip
    found = {path: _page(guest, path) for path in paths}
    found["export"] = _page(organiser, "/organisatie/meenemen/vragen.csv")
    with app.app_context():
        found["frames"] = str(items.changes_since(session.id, 0).hall)
        number = db.session.query(FollowUpQuestion).one().follow_up_id
        found["agenda"] = _page(guest, f"/agenda/{db.session.get(FollowUp, number).number}")
    return found


# --- the name goes, everywhere ---


def test_hidden_name_appears_in_no_output_and_the_question_stays(app, make, session, jolien, noor):
    question = _ask(make, noor, session)
    seen = _show(make, jolien, session, question)["desk_revision"]
    seen = make.do(events.LIVE, jolien, session, question=question["id"], seen=seen, instead_of=None)[
        "question"
    ]
    point = make.point(status=Point.PROPOSED)
    make.store(FollowUpQuestion(follow_up_id=point.id, question_id=UUID(question["id"])))
    before = _what_others_get(app, make, session, question)
    assert {door for door, text in before.items() if NAME in text} >= {
        f"/sessies/{session.slug}/live", f"/sessies/{session.slug}/live/state", f"/sessies/{session.slug}/podium",
        f"/sessies/{session.slug}/vragen/{question['id']}/melden", "export", "frames", "agenda",
    }  # fmt: skip

    answer = _hide_name(make, jolien, session, question, seen=seen["desk_revision"])
    after = _what_others_get(app, make, session, question)

    assert answer["ok"]
    assert {door for door, text in after.items() if NAME in text} == set()
    for door in (f"/sessies/{session.slug}/live", f"/sessies/{session.slug}/podium", "export", "agenda"):
        assert "naam verborgen" in after[door], door
    assert "Wie helpt?" in after[f"/sessies/{session.slug}/live"]
    assert _kept(app, question).status is QuestionStatus.LIVE


def test_open_pages_are_notified_with_the_next_frame(app, make, session, jolien, noor):
    question = _ask(make, noor, session)
    _show(make, jolien, session, question)
    other = _ask(make, noor, session, text="Nog een?")
    _show(make, jolien, session, other)
    revision = _kept(app, other).revision

    _hide_name(make, jolien, session, question)

    with app.app_context():
        told = items.changes_since(session.id, revision)
    assert {item["id"]: item["by"]["as"] for item in told.hall} == {
        question["id"]: "name_hidden",
        other["id"]: "name_hidden",
    }
    assert NAME not in str(told.hall)
    assert all(item["by"]["name"] == NAME and item["by"]["hidden"] for item in told.desk)


def test_later_questions_hide_the_name_in_this_room_only(app, make, session, jolien, noor):
    question, elsewhere = (
        _ask(make, noor, session),
        make.session("Elders", starts_at=session.starts_at, ends_at=session.ends_at),
    )
    _hide_name(make, jolien, session, question)

    later, there = _ask(make, noor, session, text="Later?"), _ask(make, noor, elsewhere)
    another = _ask(make, make.identity("Iemand Anders"), session)
    by_role = _ask(make, noor, session, text="Met mijn rol?", appear="role")
    anonymous = _ask(make, noor, session, text="Anoniem?", appear="anonymous")

    assert later["by"]["as"] == "name_hidden"
    assert (there["by"]["name"], another["by"]["name"]) == (NAME, "Iemand Anders")
    assert (by_role["by"]["as"], anonymous["by"]["as"]) == ("role", "anonymous")
    assert not any(_kept(app, each).name_hidden for each in (by_role, anonymous))


def test_moved_question_keeps_its_name_hidden(app, make, session, jolien, noor):
    there = make.session("Elders", starts_at=session.starts_at, ends_at=session.ends_at)
    question = _ask(make, noor, session)
    _hide_name(make, jolien, session, question)
    seen = _kept(app, question).desk_revision

    make.do(events.MOVE, jolien, session, question=question["id"], to=str(there.id), seen=seen)

    with app.app_context():
        moved = db.session.query(Question).filter_by(session_id=there.id).one()
        assert (moved.shown_name, moved.shown_as) == (NAME, "name_hidden")


def test_name_stays_hidden_after_account_merging(app, make, session, jolien, noor):
    guest = make.guest(NAME)
    as_guest, as_account = _ask(make, guest, session), _ask(make, noor, session, text="Met account?")
    _hide_name(make, jolien, session, as_guest)
    assert not _kept(app, as_account).name_hidden

    with app.app_context():
        account_merging.merge(guest.id, noor.id, now=clock_now())
        db.session.commit()

    assert _kept(app, as_account).name_hidden


def test_every_reader_of_shown_name_checks_shown_as():
    house = Path(__file__).parents[2]
    reads = {
        path.relative_to(house).as_posix(): path.read_text()
        for folder, kind in (("dagvandebuurt", "*.py"), ("templates", "*.html"))
        for path in (house / folder).rglob(kind)
        if ".shown_name" in path.read_text()
    }
    keeps_or_forgets = {"dagvandebuurt/qanda/privacy.py"}  # nothing goes out there

    assert len(reads) > 3
    assert {path for path, text in reads.items() if ".shown_as" not in text} == keeps_or_forgets


# --- its asker is told ---


def test_asker_is_told_in_the_room_on_their_page_and_by_the_private_link(make, session, jolien, noor):
    question, browser = _ask(make, noor, session), make.browser(noor)
    pages = (f"/sessies/{session.slug}/live", "/mijn", question["way_back"])
    shown_line = '<p class="own__reason" data-part="name-box">'
    assert not any(shown_line in _page(browser, path) for path in pages)

    _hide_name(make, jolien, session, question)

    for path in pages:
        page = _page(browser, path)
        assert shown_line + TOLD in page, path
        assert "Bel of mail ons" in page
    state = browser.get(f"/sessies/{session.slug}/live/state").get_json()
    assert state["mine"]["questions"][0]["name_hidden"] is True


# --- by the desk ---


def test_name_is_hidden_and_shown_by_a_plain_form_with_history(app, make, session, jolien, noor):
    question, browser = _ask(make, noor, session), make.browser(jolien)
    path = f"/sessies/{session.slug}/vragen/{question['id']}/naam-verbergen"
    assert "Verberg de naam" in _page(browser, f"/sessies/{session.slug}/regie")

    done = browser.post(path, data={"on": "1", "seen": "0"}, follow_redirects=True).get_data(as_text=True)
    hidden = _kept(app, question)
    undone = browser.post(
        path, data={"on": "", "seen": str(hidden.desk_revision)}, follow_redirects=True
    ).get_data(as_text=True)
    history = _page(browser, f"/sessies/{session.slug}/regie/meldingen")

    assert hidden.name_hidden
    assert not _kept(app, question).name_hidden
    assert "De naam is verborgen" in done
    assert "naam verborgen voor de zaal" in done
    assert "De naam is weer te lezen." in undone
    assert "<strong>Jolien</strong>: verborg de naam bij" in " ".join(history.split())
    assert "<strong>Jolien</strong>: toonde de naam weer bij" in " ".join(history.split())
    assert _ask(make, noor, session, text="Later?")["by"]["name"] == NAME


def test_replayed_operation_is_one_action_and_one_history_row(app, make, session, jolien, noor):
    question, op = _ask(make, noor, session), uuid4().hex

    first = _hide_name(make, jolien, session, question, op=op)
    _hide_name(make, jolien, session, question, on=False, seen=first["question"]["desk_revision"])
    again = _hide_name(make, jolien, session, question, op=op)

    assert again["ok"]
    assert not _kept(app, question).name_hidden  # the stored answer, not a second deed
    with app.app_context():
        deeds = [each.deed for each in db.session.query(QuestionChange).order_by(QuestionChange.at)]
    assert deeds == ["hide_name", "show_name"]


def test_hiding_a_name_succeeds_despite_an_unrelated_concurrent_decision(make, session, jolien, ruben, noor):
    question = _ask(make, noor, session)
    _show(make, ruben, session, question)

    assert _hide_name(make, jolien, session, question, seen=0)["ok"]


@pytest.mark.parametrize("saw", ["long ago", "does not say"])
def test_stale_decision_about_the_name_is_refused(app, make, session, jolien, ruben, noor, saw):
    question = _ask(make, noor, session)
    seen = {"seen": 0} if saw == "long ago" else {}
    hidden = _hide_name(make, ruben, session, question)["question"]

    stale = _hide_name(make, jolien, session, question, on=False, **seen)
    by_form = make.browser(jolien).post(
        f"/sessies/{session.slug}/vragen/{question['id']}/naam-verbergen", data={"on": "", **seen}
    )
    still_hidden = _kept(app, question).name_hidden
    _hide_name(make, ruben, session, question, on=False, seen=hidden["desk_revision"])
    hides_again = _hide_name(make, jolien, session, question, **seen)

    assert (stale["error"]["code"], stale["error"]["by"], stale["error"]["deed"]) == (
        "qanda.changed", "Ruben", "hide_name",
    )  # fmt: skip
    assert "Ruben heeft de naam hier al verborgen." in by_form.get_data(as_text=True)
    assert still_hidden
    assert hides_again["error"]["deed"] == "show_name"


def test_hiding_a_question_succeeds_when_only_its_name_was_hidden_meanwhile(
    make, session, jolien, ruben, noor
):
    question = _ask(make, noor, session)
    _hide_name(make, ruben, session, question)

    hidden = make.do(events.HIDE, jolien, session, question=question["id"], reason="respect", seen=0)

    assert hidden["ok"]


@pytest.mark.parametrize("appear", ["role", "anonymous"])
def test_question_without_a_name_has_none_to_hide(app, make, session, jolien, noor, appear):
    question = _ask(make, noor, session, appear=appear)

    assert _hide_name(make, jolien, session, question)["error"]["code"] == "qanda.no_name"
    assert not _kept(app, question).name_hidden


def test_appeal_against_hiding_remains_after_the_name_is_hidden(make, session, jolien, ruben, noor):
    question = _ask(make, noor, session)
    hidden = make.do(events.HIDE, jolien, session, question=question["id"], reason="respect", seen=0)[
        "question"
    ]
    browser, path = make.browser(noor), f"{question['way_back']}/bezwaar"
    assert browser.post(path, data={"text": "Waarom?"}).status_code == 303

    _hide_name(make, jolien, session, question, seen=hidden["desk_revision"])

    assert "Waarom?" in _page(make.browser(ruben), f"/sessies/{session.slug}/regie/meldingen")
    assert "Niet mee eens?" not in _page(browser, question["way_back"])  # it was contested already
