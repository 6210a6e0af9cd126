"""The hall chat: slow, short, moderated, and gone when the session is over. Nothing of it where there is none."""

import re
from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from dagvandebuurt.chat import events, jobs
from dagvandebuurt.chat.models import ChatLine, ChatRules
from dagvandebuurt.chat.privacy import lines_of_long_ago
from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live import items
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.moderation import events as reports
from dagvandebuurt.moderation.models import Report, ReportStatus
from dagvandebuurt.people.lifecycle.account_merging import merge
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.qanda import events as question_events
from dagvandebuurt.qanda.models import Appearance, QuestionStatus
from dagvandebuurt.qanda.muting import muted_by_name
from tests.live.test_races import at_once

SECRET = "De taart staat bij de achterdeur"


@pytest.fixture
def jolien(make, session):
    return make.moderator("Jolien", session)


@pytest.fixture
def ruben(make, session):
    return make.moderator("Ruben", session)


@pytest.fixture
def chats(make, session, jolien):
    """The session has a hall chat, with thirty seconds between two lines of one person."""
    assert make.do(events.ARRANGE, jolien, session, is_open=True)["ok"]
    return session


def line_id(number=1):
    return f"00000000-0000-4000-8000-{number:012d}"


def say(make, person, session, text=SECRET, number=1, **more):
    return make.do(events.SAY, person, session, id=line_id(number), text=text, **more)


def decide(make, person, session, verb, number=1, **more):
    return make.do(verb, person, session, line=line_id(number), **more)


def page_of(make, session, person=None, path="zaalgesprek"):
    return make.browser(person).get(f"/sessies/{session.slug}/{path}").get_data(as_text=True)


def told(session, audience=Audience.HALL, since=0):
    return [
        each
        for each in items.changes_since(session.id, since).of(audience)
        if each["kind"].startswith("chat")
    ]


def everything_of_the_hall(make, session, person=None):
    """All that somebody in the hall can get of a session: pages, their parts, and the live state."""
    with make.context():
        live = str([told(session), told(session, since=1)])
    paths = ("zaalgesprek", "zaalgesprek?deel=1", "live", "live/state?since=0", "live/state?since=1")
    return live + "".join(page_of(make, session, person, path) for path in paths)


def stored(app):
    with app.app_context():
        return [(line.name, line.text) for line in db.session.scalars(select(ChatLine))]


def move_clock(monkeypatch, moment):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)


def ends_now(app, session, now):
    with app.app_context(), transaction():
        db.session.get(ProgrammeSession, session.id).ends_at = now


def test_what_one_writes_everybody_reads_with_name_and_mark(make, chats):
    assert say(make, make.guest("Gast Gerrit"), chats)["ok"]

    assert SECRET in page_of(make, chats)
    room = page_of(make, chats, make.identity("Lezer"), "live")
    assert room.index("data-chat-fold") > room.index("data-questions")  # below the questions
    assert SECRET not in room  # asked for when somebody opens it
    assert re.search(r'<details[^>]*data-chat-fold>(?s:.)*?href="/sessies/[^"]+/zaalgesprek"', room)
    with make.context():
        line = next(each for each in told(chats) if each["kind"] == "chat_line")
    assert line["by"] == {"as": "name", "name": "Gast Gerrit", "role": "resident", "mark": "guest"}


def test_where_there_is_none_nothing_is_sent_or_asked(make, session, inside):
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    state = items.state_of(session.id)

    changes = items.changes_since(session.id, 1, state)
    room = page_of(make, session, make.identity("Lezer"), "live")

    assert [each for each in changes.hall + changes.desk if each["kind"].startswith("chat")] == []
    assert [statement for statement in asked if re.search(r"\bchat_(rules|line)\b(?!_)", statement)] == []
    assert "data-chat" not in room
    assert say(make, make.identity("Noor"), session)["error"]["code"] == "chat.closed"
    assert "is nu geen zaalgesprek" in page_of(make, session)


def test_the_desk_has_a_way_to_turn_it_on_and_once_on_it_needs_no_scrolling(make, session, jolien):
    before = page_of(make, session, jolien, "regie")
    assert before.count("/regie/zaalgesprek") == 1

    make.do(events.ARRANGE, jolien, session, is_open=True)

    ways = page_of(make, session, jolien, "regie").partition('class="lanes"')[2].partition("</nav>")[0]
    assert "/regie/zaalgesprek" in ways


def test_open_pages_are_told_the_first_time_it_is_turned_on(make, session, jolien, inside):
    before = items.state_of(session.id)
    make.do(events.ARRANGE, jolien, session, is_open=True)
    db.session.rollback()
    after = items.state_of(session.id)

    found = items.since_for(Audience.HALL, session.id, before.revision, after)

    assert not before.uses("chat")
    assert [each["open"] for each in found if each["kind"] == "chat"] == [True]


def test_by_plain_form_a_line_is_written_once_and_a_refused_one_stays_in_its_field(app, make, chats):
    browser = make.browser(make.guest("Gast Gerrit"))
    path = f"/sessies/{chats.slug}/zaalgesprek"
    page = browser.get(path).get_data(as_text=True)
    form = re.search(r"<form[^>]+data-chat-form.*?</form>", page, re.DOTALL)[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"text": "Ik zit achterin"}

    twice = [browser.post(path, data=fields, follow_redirects=True).get_data(as_text=True) for _ in "ab"]
    too_soon = browser.post(path, data={"id": str(uuid4()), "text": "Nog iets"})
    too_long = browser.post(path, data={"id": str(uuid4()), "text": "lang " * 60})

    assert all("Je regel staat in het zaalgesprek." in each for each in twice)
    assert stored(app) == [("Gast Gerrit", "Ik zit achterin")]
    assert too_soon.status_code == 409
    assert "rustig aan" in too_soon.text
    assert 'value="Nog iets"' in too_soon.text
    assert too_long.status_code == 422
    assert "Houd het bij 200 tekens." in too_long.text
    assert "lang lang lang" in too_long.text


@pytest.mark.parametrize(("seconds", "code"), [(0, "chat.slow"), (29, "chat.slow"), (30, None), (600, None)])
def test_one_person_waits_between_two_lines_and_another_does_not(
    make, chats, now, monkeypatch, seconds, code
):
    noor, bram = make.identity("Noor"), make.identity("Bram")
    assert say(make, noor, chats, number=1)["ok"]
    move_clock(monkeypatch, now + timedelta(seconds=seconds))

    assert say(make, bram, chats, "Ik ook", number=2)["ok"]
    again = say(make, noor, chats, "En nog iets", number=3)

    assert again.get("error", {}).get("code") == code
    if code:
        assert again["error"]["retry_after"] == 30 - seconds


def test_two_lines_of_one_person_at_once_are_one(app, make, chats):
    noor = make.identity("Noor")

    outcomes = at_once(
        lambda: say(make, noor, chats, "Een", number=1), lambda: say(make, noor, chats, "Twee", number=2)
    )

    assert sorted(each["ok"] for each in outcomes) == [False, True]
    assert len(stored(app)) == 1


def test_the_same_deed_twice_at_once_is_one_line(app, make, chats):
    noor = make.identity("Noor")

    outcomes = at_once(*[lambda: say(make, noor, chats, op="the-same-operation")] * 2)

    assert outcomes[0] == outcomes[1]
    assert len(stored(app)) == 1


WHEN_NOT = {
    "off": "chat.closed",
    "muted": "chat.muted",
    "over": "chat.closed",
    "called off": "chat.closed",
    "held word": "chat.held",
    "used id": "chat.already_there",
}


@pytest.mark.parametrize("what", WHEN_NOT)
def test_a_line_that_lay_in_an_outbox_meanwhile_is_refused_with_why(
    app, make, chats, jolien, now, monkeypatch, what
):
    noor = make.identity("Noor")
    assert say(make, noor, chats, "Dit kon nog", number=1)["ok"]
    move_clock(monkeypatch, now + timedelta(minutes=5))
    if what == "off":
        make.do(events.ARRANGE, jolien, chats, is_open=False)
    if what == "muted":
        decide(make, jolien, chats, events.MUTE, reason="respect")
    if what == "over":
        ends_now(app, chats, now)
    if what == "called off":
        with app.app_context(), transaction():
            db.session.get(ProgrammeSession, chats.id).status = SessionStatus.CANCELLED
    if what == "held word":
        with app.app_context(), transaction():
            db.session.get(Edition, chats.edition_id).held_words = "taart"
    number = 1 if what == "used id" else 2

    late = say(make, noor, chats, number=number)

    assert late["error"]["code"] == WHEN_NOT[what]
    assert SECRET not in str(stored(app))


@pytest.mark.parametrize("what", ["hidden", "muted", "muted by a question", "erased"])
def test_the_line_of_who_was_hidden_or_muted_is_in_no_payload(app, make, chats, jolien, now, what):
    noor = make.identity("Noor")
    assert say(make, noor, chats)["ok"]
    assert everything_of_the_hall(make, chats).count(SECRET) >= 6  # it could be there

    if what == "hidden":
        assert decide(make, jolien, chats, events.HIDE, reason="respect")["ok"]
    elif what == "muted":
        assert decide(make, jolien, chats, events.MUTE, reason="respect")["ok"]
    elif what == "muted by a question":
        question = make.question(chats, asker=noor)
        assert make.do(question_events.MUTE, jolien, chats, question=str(question.id), reason="respect")["ok"]
    else:
        with app.app_context(), transaction():
            erase(noor.id, now=now)

    assert SECRET not in everything_of_the_hall(make, chats)
    with app.app_context():
        gone = [each for each in told(chats, since=1) if each["kind"] == "chat_line"]
    assert [each.get("gone") for each in gone] == [True]
    if what != "erased":
        assert "Een moderator verborg je regel:" in page_of(make, chats, noor)
        assert SECRET in page_of(make, chats, jolien, "regie/zaalgesprek")


def test_muting_an_anonymous_question_does_not_show_in_the_chat_whose_it_is(make, chats, jolien):
    noor = make.identity("Noor")
    assert say(make, noor, chats)["ok"]
    asked = make.do(
        question_events.ASK, noor, chats, id=str(uuid4()), text="Wie betaalt dat?", appear="anonymous"
    )
    question = asked["question"]["id"]

    assert make.do(question_events.MUTE, jolien, chats, question=question, reason="respect")["ok"]

    assert SECRET in page_of(make, chats)


def test_a_name_that_a_moderator_hides_beside_a_question_is_hidden_here_too(make, chats, jolien):
    noor = make.identity("Noor Niemand")
    assert say(make, noor, chats)["ok"]
    question = make.question(
        chats,
        asker=noor,
        appearance=Appearance.NAME,
        shown_name="Noor Niemand",
        status=QuestionStatus.VISIBLE,
    )
    assert "Noor Niemand" in page_of(make, chats)

    assert make.do(question_events.HIDE_NAME, jolien, chats, question=str(question.id), seen=0)["ok"]

    assert "Noor Niemand" not in everything_of_the_hall(make, chats)
    assert SECRET in page_of(make, chats)


def test_when_the_session_is_over_the_hall_reads_nothing_and_open_pages_are_told(app, make, chats, now):
    assert say(make, make.identity("Noor"), chats)["ok"]
    assert jobs.end_chats(app) == 0
    assert SECRET in everything_of_the_hall(make, chats)
    with app.app_context():
        seen = items.state_of(chats.id).revision
    ends_now(app, chats, now)

    assert SECRET not in page_of(make, chats) + page_of(make, chats, path="live")
    assert jobs.end_chats(app) == 1  # within a minute
    assert jobs.end_chats(app) == 0

    assert SECRET not in everything_of_the_hall(make, chats)
    with app.app_context():
        assert [each["over"] for each in told(chats, since=seen)] == [True]


def test_what_was_typed_when_the_session_ended_comes_back(app, make, chats, now):
    browser = make.browser(make.identity("Noor"))
    ends_now(app, chats, now)

    late = browser.post(f"/sessies/{chats.slug}/zaalgesprek", data={"id": line_id(), "text": "Nog dit"})

    assert late.status_code == 409
    assert "kun je nu niets schrijven" in late.text
    assert "Nog dit" in late.text


def test_a_session_that_goes_on_after_all_has_its_chat_back(app, make, chats, now):
    assert say(make, make.identity("Noor"), chats)["ok"]
    ends_now(app, chats, now)
    jobs.end_chats(app)
    ends_now(app, chats, now + timedelta(minutes=10))

    assert jobs.end_chats(app) == 1
    assert SECRET in page_of(make, chats)


@pytest.mark.parametrize(("days", "left"), [(6, 1), (8, 0)])
def test_a_week_after_the_session_the_lines_are_deleted_and_reports_stay(app, make, chats, now, days, left):
    assert say(make, make.identity("Noor"), chats)["ok"]
    report = make.do(reports.REPORT_LINE, make.identity("Bram"), chats, line=line_id(), reason="respect")
    assert report["ok"]
    with app.app_context(), transaction():
        ends = db.session.get(ProgrammeSession, chats.id).ends_at
        lines_of_long_ago.tidy(ends + timedelta(days=days - 7))
    assert len(stored(app)) == left
    with app.app_context():
        assert db.session.scalars(select(Report.status)).all() == [ReportStatus.RECEIVED]
    assert (
        "Deze regel staat er niet meer."
        in page_of(make, chats, make.moderator("Mo", chats), "regie/meldingen")
    ) == (not left)


def test_a_report_is_seen_at_the_desk_and_hiding_agrees_with_it(app, make, chats, jolien):
    reader = make.identity("Lezer")
    assert say(make, make.identity("Noor"), chats)["ok"]
    browser = make.browser(reader)
    path = f"/sessies/{chats.slug}/zaalgesprek/{line_id()}/melden"
    assert SECRET in browser.get(path).text
    assert browser.post(path, data={}).status_code == 422
    assert browser.post(path, data={"reason": "respect", "note": "Niet aardig"}).status_code == 303

    desk = page_of(make, chats, jolien, "regie")
    assert re.search(r"data-reports-count>1<", desk)
    assert SECRET in page_of(make, chats, jolien, "regie/meldingen")
    assert decide(make, jolien, chats, events.HIDE, reason="respect")["ok"]

    assert re.search(r"data-reports-count>0<", page_of(make, chats, jolien, "regie"))
    assert "Je had gelijk: de regel is verborgen." in make.browser(reader).get("/mijn").text
    assert browser.get(path).status_code == 409


def test_a_report_can_be_dismissed_and_nobody_reports_twice(make, chats, jolien):
    reader = make.identity("Lezer")
    assert say(make, make.identity("Noor"), chats)["ok"]
    sent = make.do(reports.REPORT_LINE, reader, chats, line=line_id(), reason="respect")
    again = make.do(reports.REPORT_LINE, reader, chats, line=line_id(), reason="no_ads")
    assert again["error"]["code"] == "moderation.already_reported"

    report = sent["report"]["id"]
    assert make.do(reports.DISMISS, jolien, chats, report=report, note="Dit mag")["ok"]

    assert "De regel blijft staan." in make.browser(reader).get("/mijn").text
    assert SECRET in page_of(make, chats)
    appeal = make.do(reports.APPEAL, reader, chats, report=report, text="Toch niet")
    assert appeal["error"]["code"] == "moderation.nothing_to_contest"


def test_a_late_decision_undoes_nothing_that_a_colleague_decided(app, make, chats, jolien, ruben):
    assert say(make, make.identity("Noor"), chats)["ok"]
    with app.app_context():
        seen = db.session.get(ChatLine, UUID(line_id())).revision
    hidden = decide(make, jolien, chats, events.HIDE, reason="respect", seen=seen)
    assert hidden["ok"]

    late = decide(make, ruben, chats, events.SHOW, seen=seen)
    unseen = decide(make, ruben, chats, events.SHOW)
    assert [late["error"]["code"], unseen["error"]["code"]] == ["chat.changed"] * 2
    assert "Jolien verborg deze regel" in late["error"]["message"]

    assert decide(make, ruben, chats, events.SHOW, seen=hidden["line"]["revision"])["ok"]
    assert SECRET in page_of(make, chats)


def test_a_late_unmute_lifts_no_mute_that_a_colleague_put_anew(app, make, chats, jolien, ruben):
    assert say(make, make.identity("Noor"), chats)["ok"]
    muted = decide(make, ruben, chats, events.MUTE, reason="respect")["line"]["revision"]
    assert decide(make, ruben, chats, events.UNMUTE, seen=muted)["ok"]
    assert decide(make, ruben, chats, events.MUTE, reason="no_ads")["ok"]

    late = [
        decide(make, jolien, chats, events.UNMUTE, seen=muted),
        decide(make, jolien, chats, events.UNMUTE),
    ]

    assert [each["error"]["code"] for each in late] == ["chat.muted_since"] * 2
    assert "Ruben" in late[0]["error"]["message"]
    with app.app_context():
        line = db.session.get(ChatLine, UUID(line_id()))
        assert muted_by_name(chats.id, [line.person_id])
        seen = line.revision
    assert decide(make, jolien, chats, events.UNMUTE, seen=seen)["ok"]


def test_two_decide_at_once_and_one_hides_it(make, chats, jolien, ruben):
    assert say(make, make.identity("Noor"), chats)["ok"]

    outcomes = at_once(
        *[lambda who=who: decide(make, who, chats, events.HIDE, reason="respect") for who in (jolien, ruben)]
    )

    assert sorted(each["ok"] for each in outcomes) == [False, True]


def test_who_was_muted_takes_part_again_after_it_is_lifted(make, chats, jolien, now, monkeypatch):
    noor = make.identity("Noor")
    assert say(make, noor, chats)["ok"]
    decide(make, jolien, chats, events.MUTE, reason="respect")
    move_clock(monkeypatch, now + timedelta(minutes=1))
    assert say(make, noor, chats, "Hallo", number=2)["error"]["code"] == "chat.muted"

    assert decide(make, jolien, chats, events.UNMUTE)["ok"]

    assert say(make, noor, chats, "Hallo", number=3)["ok"]
    assert SECRET not in page_of(make, chats)


def test_settings_that_a_colleague_changed_meanwhile_are_not_undone(app, make, chats, jolien, ruben):
    with app.app_context():
        seen = db.session.get(ChatRules, chats.id).revision
    assert make.do(events.ARRANGE, ruben, chats, seconds_between=60, seen=seen)["ok"]

    late = make.do(events.ARRANGE, jolien, chats, seconds_between=10, seen=seen)

    assert late["error"]["code"] == "chat.rules_changed"
    assert "Ruben" in late["error"]["message"]


def test_only_who_runs_the_session_decides_and_strangers_read_only(make, chats):
    noor = make.identity("Noor")
    assert say(make, noor, chats)["ok"]

    assert decide(make, noor, chats, events.HIDE, reason="respect")["error"]["code"] == "house.not_allowed"
    assert make.browser(noor).get(f"/sessies/{chats.slug}/regie/zaalgesprek").status_code == 403
    page = page_of(make, chats)
    assert SECRET in page
    assert '<form class="chat__form"' not in page


def test_a_line_is_of_its_own_session(make, chats, now):
    elsewhere = make.session("Elders", starts_at=now, ends_at=now + timedelta(minutes=30))
    assert say(make, make.identity("Noor"), chats)["ok"]

    done = decide(make, make.moderator("Mo", elsewhere), elsewhere, events.HIDE, reason="respect")

    assert done["error"]["code"] == "chat.not_there"


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["say", "hide", "show", "mute", "unmute", "off", "on"]),
            st.integers(0, 2),
            st.sampled_from([0, 10, 40]),
        ),
        max_size=12,
    )
)
def test_in_any_order_the_hall_reads_only_what_is_shown_and_nobody_is_faster_than_the_pause(
    app, make, now, deeds
):
    with pytest.MonkeyPatch.context() as patch:
        moment = now
        session = make.session(
            f"Zaal {uuid4().hex[:8]}", starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1)
        )
        moderator = make.moderator("Mo", session)
        people = [make.identity(f"Mens {number}") for number in range(3)]
        make.do(events.ARRANGE, moderator, session, is_open=True)
        last: list[str | None] = [None] * 3
        for deed, who, wait in deeds:
            moment += timedelta(seconds=wait)
            patch.setattr("dagvandebuurt.core.clock.now", lambda moment=moment: moment)
            if deed == "say":
                name = str(uuid4())
                if make.do(events.SAY, people[who], session, id=name, text=f"Regel {name}")["ok"]:
                    last[who] = name
            elif deed in ("on", "off"):
                make.do(events.ARRANGE, moderator, session, is_open=deed == "on")
            elif last[who]:
                verb = {
                    "hide": events.HIDE, "show": events.SHOW, "mute": events.MUTE, "unmute": events.UNMUTE,
                }[deed]  # fmt: skip
                more = {"reason": "respect"} if deed in ("hide", "mute") else {}
                make.do(verb, moderator, session, line=last[who], **more)
        with app.app_context():
            lines = db.session.scalars(
                select(ChatLine).where(ChatLine.session_id == session.id).order_by(ChatLine.said_at)
            ).all()
            shown = {str(line.id) for line in lines if line.hidden_at is None}
            assert {each["id"] for each in told(session) if each["kind"] == "chat_line"} == shown
            people_shown = {line.person_id for line in lines if line.hidden_at is None}
            assert muted_by_name(session.id, people_shown) == set()
            said: dict[UUID, list] = {}
            for line in lines:
                said.setdefault(line.person_id, []).append(line.said_at)
            for moments in said.values():
                pauses = pairwise(moments)
                assert all(later - earlier >= timedelta(seconds=30) for earlier, later in pauses)


def test_a_guest_who_logs_in_keeps_their_lines(app, make, chats, now):
    guest, account = make.guest("Gast Gerrit"), make.identity("Gerrit")
    assert say(make, guest, chats)["ok"]

    with app.app_context(), transaction():
        merge(guest.id, account.id, now=clock.now())

    assert "data-own" in page_of(make, chats, account)


def test_a_guest_whose_account_is_muted_is_read_no_more_once_they_are_one(app, make, chats, jolien, now):
    guest, account = make.guest("Gast Gerrit"), make.identity("Gerrit")
    assert say(make, account, chats, "Van het account", number=1)["ok"]
    assert decide(make, jolien, chats, events.MUTE, reason="respect")["ok"]
    assert say(make, guest, chats, number=2)["ok"]
    assert SECRET in page_of(make, chats)

    with app.app_context(), transaction():
        merge(guest.id, account.id, now=clock.now())

    assert SECRET not in everything_of_the_hall(make, chats)
