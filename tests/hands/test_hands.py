"""Raised hands: a fair queue, one turn at a time, and nothing of it where a session takes no hands."""

import re
from datetime import timedelta
from uuid import UUID

import jwt
import pytest
from sqlalchemy import event, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.hands import events, jobs
from dagvandebuurt.hands.models import Hand, HandAction, HandChange, HandRules, HandStatus
from dagvandebuurt.hands.queries import queue_of
from dagvandebuurt.live import items
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.live.runtime import live
from dagvandebuurt.people.lifecycle.erasure import erase
from dagvandebuurt.people.models import ParticipantRole, Person
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from dagvandebuurt.qanda import events as question_events
from tests.live.test_races import at_once

WAY = "Bel 020 123 45 67"


@pytest.fixture
def jolien(make, session):
    return make.moderator("Jolien", session)


@pytest.fixture
def host(make, session):
    return make.identity("Ruben", roles=[("host", session.id)])


@pytest.fixture
def takes_hands(make, session, jolien):
    """The session takes hands; people speak by phone."""
    done = make.do(events.ARRANGE, jolien, session, is_open=True, minutes=2, way=WAY)
    assert done["ok"], done
    return session


def hand_id(number=1):
    return f"00000000-0000-4000-8000-{number:012d}"


def put_up(make, person, session, number=1, **more):
    return make.do(events.RAISE, person, session, id=hand_id(number), **more)


def call(make, person, session, deed, number=1, **more):
    return make.do(events.CALL, person, session, hand=hand_id(number), deed=deed, **more)


def status_of(app, number=1):
    with app.app_context():
        hand = db.session.get(Hand, UUID(hand_id(number)))
        return hand.status if hand else None


def item_of(session, audience=Audience.HALL, since=0):
    found = [each for each in items.changes_since(session.id, since).of(audience) if each["kind"] == "hands"]
    return found[-1] if found else None


def page_of(make, session, person, path="hand"):
    return make.browser(person).get(f"/sessies/{session.slug}/{path}").get_data(as_text=True)


def move_clock(monkeypatch, moment):
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)


def test_somebody_raises_a_hand_is_let_in_and_is_told_where_to_speak(app, make, takes_hands, jolien):
    session, noor = takes_hands, make.identity("Noor")

    assert put_up(make, noor, session, about="De bankjes")["ok"]
    waits = page_of(make, session, noor)
    assert "Je bent de volgende." in waits
    assert WAY not in waits
    desk = page_of(make, session, jolien, "regie/handen")
    assert "De bankjes" in desk
    assert "Noor" in desk

    assert call(make, jolien, session, "let_in")["ok"]
    told = page_of(make, session, noor)
    assert "Je bent aan de beurt." in told
    assert 'href="tel:0201234567"' in told

    assert call(make, jolien, session, "finish")["ok"]
    assert "Je beurt is voorbij. Dank je wel." in page_of(make, session, noor)
    assert status_of(app) is HandStatus.SPOKEN


def test_a_guest_does_all_of_it_by_plain_forms(app, make, takes_hands, jolien):
    session, guest = takes_hands, make.guest("Gast Gerrit")
    browser = make.browser(guest)
    path = f"/sessies/{session.slug}/hand"

    page = browser.get(path).get_data(as_text=True)
    form = re.search(r'action="[^"]+/hand"(.*?)</form>', page, re.DOTALL)[1]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | {"about": "Parkeren"}
    twice = [browser.post(path, data=fields, follow_redirects=True).get_data(as_text=True) for _ in "ab"]

    assert all("Je hand is omhoog." in each for each in twice)
    with app.app_context():
        assert [(hand.name, hand.about) for hand in db.session.scalars(select(Hand))] == [
            ("Gast Gerrit", "Parkeren")
        ]
    down = re.search(r'action="([^"]+/omlaag)"', twice[0])[1]
    assert "Je hand is weer omlaag." in browser.post(down, follow_redirects=True).get_data(as_text=True)
    with app.app_context():
        assert db.session.scalar(select(Hand.status)) is HandStatus.LOWERED


def test_in_the_room_everybody_reads_who_speaks_and_nobody_who_waits(app, make, takes_hands, jolien, inside):
    session = takes_hands
    put_up(make, make.identity("Noor"), session, 1, about="Geheim onderwerp")
    put_up(make, make.identity("Samira"), session, 2)
    call(make, jolien, session, "let_in", 1)

    told = item_of(session)
    room = page_of(make, session, make.identity("Lezer"), "live")

    assert told["up"] == 1
    assert told["speaking"]["by"]["name"] == "Noor"
    assert "Samira" not in str(told) + room
    assert "Geheim onderwerp" not in str(told) + room
    assert "Noor" in room
    assert "1 hand omhoog" in room
    assert re.search(r'name="about" value=""', room)  # nothing of the room's own form
    assert WAY not in room


def test_where_no_hands_are_taken_nothing_is_sent_or_asked(app, make, session, inside):
    asked = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    state = items.state_of(session.id)

    changes = items.changes_since(session.id, 1, state)
    page = page_of(make, session, make.identity("Lezer"), "live")

    assert [item for item in changes.hall + changes.desk if item["kind"] == "hands"] == []
    assert [statement for statement in asked if re.search(r"\bhand(_|\b)", statement)] == []
    assert "data-hands " not in page
    assert 'id="handen"' not in page_of(make, session, make.moderator("Mo", session), "regie")
    assert put_up(make, make.identity("Noor"), session)["error"]["code"] == "hands.closed"


def test_the_first_time_it_is_turned_on_open_pages_are_told(make, session, jolien, inside):
    before = items.state_of(session.id)
    make.do(events.ARRANGE, jolien, session, is_open=True, way=WAY)
    db.session.rollback()
    after = items.state_of(session.id)

    told = items.since_for(Audience.HALL, session.id, before.revision, after)

    assert not before.uses("hands")
    assert [item["open"] for item in told if item["kind"] == "hands"] == [True]
    assert 'id="handen"' in page_of(make, session, jolien, "regie")


def test_without_a_way_to_speak_it_is_not_turned_on(make, session, jolien):
    refused = make.do(events.ARRANGE, jolien, session, is_open=True)

    assert refused["error"]["code"] == "hands.no_way"
    assert "waar iemand kan spreken" in refused["error"]["message"]


def test_refused_settings_come_back_with_what_was_typed(make, session, jolien):
    path = f"/sessies/{session.slug}/regie/handen"
    sent = {"is_open": "yes", "minutes": "5", "way": "Loop naar voren. " * 20}

    answer = make.browser(jolien).post(path, data=sent)

    assert answer.status_code == 422
    assert "Houd het bij 200 tekens." in answer.text
    assert "Loop naar voren. Loop naar voren." in answer.text
    assert '<option value="5" selected>' in answer.text


def test_settings_are_kept_by_a_writer_that_serves_no_request(app, make, session, jolien):
    """The live writer has an app context and no request: the demo's film would ask for an address."""
    app.config["DEMO"] = True
    with app.app_context(), transaction():
        db.session.get(ProgrammeSession, session.id).stage_url = "https://film.dagvandebuurt.example/demo"

    assert make.do(events.ARRANGE, jolien, session, is_open=True, way=WAY)["ok"]


def test_the_longest_wait_a_first_turn_and_roles_heard_less_come_first(
    app, make, takes_hands, jolien, now, monkeypatch
):
    session = takes_hands
    ada, bea = (make.identity(name, role=ParticipantRole.SOCIAL_WORKER) for name in ("Ada", "Bea"))
    cas = make.identity("Cas", role=ParticipantRole.RESIDENT)
    put_up(make, ada, session, 1)
    call(make, jolien, session, "let_in", 1)
    call(make, jolien, session, "finish", 1)
    for minute, (person, number) in enumerate(((ada, 2), (bea, 3), (cas, 4))):
        move_clock(monkeypatch, now + timedelta(minutes=minute))
        put_up(make, person, session, number)

    with app.app_context():
        order = [hand.name for hand in queue_of(session.id, clock.now())]

    # Cas came last, but nobody of his group spoke yet; Ada was first, but spoke already.
    assert order == ["Cas", "Bea", "Ada"]


def test_one_person_has_one_hand_up(app, make, takes_hands):
    noor = make.identity("Noor")

    first, second = at_once(
        lambda: put_up(make, noor, takes_hands, 1), lambda: put_up(make, noor, takes_hands, 2)
    )

    assert first["ok"]
    assert second["ok"]
    assert first["hand"]["id"] == second["hand"]["id"]


def test_two_people_let_two_others_in_at_once_and_one_speaks(app, make, takes_hands, jolien, host):
    session = takes_hands
    put_up(make, make.identity("Noor"), session, 1)
    put_up(make, make.identity("Samira"), session, 2)

    outcomes = at_once(
        lambda: call(make, jolien, session, "let_in", 1), lambda: call(make, host, session, "let_in", 2)
    )

    assert sorted(each["ok"] for each in outcomes) == [False, True]
    refused = next(each for each in outcomes if not each["ok"])
    assert refused["error"]["code"] == "hands.somebody_speaks"
    assert "is nu aan het woord" in refused["error"]["message"]
    assert sorted([status_of(app, 1), status_of(app, 2)]) == [HandStatus.RAISED, HandStatus.SPEAKING]


def test_a_hand_that_a_colleague_put_down_is_not_let_in(app, make, takes_hands, jolien, host):
    put_up(make, make.identity("Noor"), takes_hands)
    call(make, jolien, takes_hands, "put_down")

    late = call(make, host, takes_hands, "let_in")

    assert late["error"]["code"] == "hands.changed"
    assert "Jolien" in late["error"]["message"]
    assert status_of(app) is HandStatus.PASSED


def test_the_next_one_takes_the_place_of_the_one_on_screen(app, make, takes_hands, jolien):
    session = takes_hands
    put_up(make, make.identity("Noor"), session, 1)
    put_up(make, make.identity("Samira"), session, 2)
    call(make, jolien, session, "let_in", 1)

    assert call(make, jolien, session, "let_in", 2, instead_of=hand_id(1))["ok"]

    assert (status_of(app, 1), status_of(app, 2)) == (HandStatus.SPOKEN, HandStatus.SPEAKING)


def test_a_turn_ends_by_itself(app, make, takes_hands, jolien, now, monkeypatch, inside):
    session, noor = takes_hands, make.identity("Noor")
    put_up(make, noor, session, 1)
    put_up(make, make.identity("Samira"), session, 2)
    call(make, jolien, session, "let_in", 1)
    move_clock(monkeypatch, now + timedelta(minutes=2))

    assert "Je beurt is voorbij." in page_of(make, session, noor)
    assert "data-until" not in page_of(make, session, jolien, "regie/handen")
    assert call(make, jolien, session, "let_in", 2)["ok"]  # before the job came by
    assert (status_of(app, 1), status_of(app, 2)) == (HandStatus.SPOKEN, HandStatus.SPEAKING)
    move_clock(monkeypatch, now + timedelta(minutes=5))

    assert jobs.settle_hands(app) == 1
    assert jobs.settle_hands(app) == 0
    assert status_of(app, 2) is HandStatus.SPOKEN
    assert item_of(session)["speaking"] is None


@pytest.mark.parametrize("what", ["over", "called off", "moved"])
def test_hands_lapse_when_the_session_does_not_go_on(app, make, takes_hands, jolien, now, monkeypatch, what):
    session, noor = takes_hands, make.identity("Noor")
    put_up(make, noor, session, 1)
    put_up(make, make.identity("Samira"), session, 2)
    call(make, jolien, session, "let_in", 1)
    with app.app_context(), transaction():
        there = db.session.get(ProgrammeSession, session.id)
        if what == "over":
            there.ends_at = now
        elif what == "called off":
            there.status = SessionStatus.CANCELLED
        else:
            there.starts_at, there.ends_at = now + timedelta(days=1), now + timedelta(days=1, hours=1)

    late = call(make, jolien, session, "let_in", 2)
    assert late["error"]["code"] == "hands.closed"
    assert jobs.settle_hands(app) == 2
    assert {status_of(app, 1), status_of(app, 2)} == {HandStatus.LAPSED}
    assert put_up(make, make.identity("Bram"), session, 3)["error"]["code"] == "hands.closed"


def test_the_hand_of_who_left_lapses_and_of_who_stays_does_not(app, make, takes_hands, now, monkeypatch):
    session = takes_hands
    gone, here, removed = (make.identity(name) for name in ("Weg", "Hier", "Geschorst"))
    for number, person in enumerate((gone, here, removed), 1):
        put_up(make, person, session, number)
    move_clock(monkeypatch, now + timedelta(minutes=6))
    for person in (here, removed):
        with app.app_context():
            live().presence.beat(session.id, person.id)
    with app.app_context(), transaction():
        db.session.get(Person, removed.id).suspended_at = now

    assert jobs.settle_hands(app) == 2

    found = [status_of(app, number) for number in (1, 2, 3)]
    assert found == [HandStatus.LAPSED, HandStatus.RAISED, HandStatus.LAPSED]


def test_a_muted_person_raises_no_hand_and_is_told_why(app, make, takes_hands, jolien):
    noor = make.identity("Noor")
    question = make.question(takes_hands, asker=noor)
    assert make.do(question_events.MUTE, jolien, takes_hands, question=str(question.id), reason="respect")[
        "ok"
    ]

    refused = put_up(make, noor, takes_hands)

    assert refused["error"]["code"] == "hands.muted"
    assert "zette je stil" in refused["error"]["message"]


def test_who_is_not_let_in_does_not_get_into_the_meeting(make, takes_hands, jolien):
    noor = make.identity("Noor")
    put_up(make, noor, takes_hands)

    answer = make.browser(noor).post(f"/sessies/{takes_hands.slug}/hand/spreken")

    assert (answer.status_code, answer.location) == (303, f"/sessies/{takes_hands.slug}/hand")


class TestInAMeeting:
    """A session that is held in a meeting with tokens: who has the turn gets one of their own."""

    @pytest.fixture
    def extra_settings(self):
        return {"JITSI_URL": "https://meet.example.nl", "JITSI_APP_ID": "buurt", "JITSI_SECRET": "s" * 40}

    def test_the_turn_leads_into_the_meeting_with_a_token_of_ones_own(self, app, make, session, jolien):
        with app.app_context(), transaction():
            db.session.get(ProgrammeSession, session.id).stage_url = "https://meet.example.nl/zaal-1"
        assert make.do(events.ARRANGE, jolien, session, is_open=True)["ok"]  # nothing more has to be said
        noor = make.identity("Noor")
        put_up(make, noor, session)
        call(make, jolien, session, "let_in")
        browser = make.browser(noor)

        page = browser.get(f"/sessies/{session.slug}/hand")
        went = browser.post(f"/sessies/{session.slug}/hand/spreken")

        assert (
            "https://meet.example.nl" in page.headers["Content-Security-Policy"].partition("form-action")[2]
        )
        assert "jwt=" not in page.get_data(as_text=True)
        assert went.status_code == 303
        address, _, token = went.location.partition("?jwt=")
        claims = jwt.decode(
            token,
            "s" * 40,
            algorithms=["HS256"],
            audience="buurt",
            options={"verify_exp": False, "verify_nbf": False},
        )
        assert address == "https://meet.example.nl/zaal-1"
        assert claims["context"]["user"]["name"] == "Noor"
        assert claims["moderator"] is False


def test_only_who_runs_the_session_calls_and_only_its_own_person_lowers(make, takes_hands, jolien):
    session, noor, other = takes_hands, make.identity("Noor"), make.identity("Bram")
    put_up(make, noor, session)

    assert call(make, other, session, "let_in")["error"]["code"] == "house.not_allowed"
    assert make.do(events.LOWER, other, session, hand=hand_id())["error"]["code"] == "hands.not_there"
    assert put_up(make, jolien, session, 2)["error"]["code"] == "house.not_allowed"
    assert make.browser(other).get(f"/sessies/{session.slug}/regie/handen").status_code == 403
    assert make.browser().get(f"/sessies/{session.slug}/hand").status_code == 200


def test_a_hand_is_of_its_own_session(make, takes_hands, jolien, now):
    elsewhere = make.session("Elders", starts_at=now, ends_at=now + timedelta(minutes=30))
    moderator = make.moderator("Mo", elsewhere)
    put_up(make, make.identity("Noor"), takes_hands)

    assert call(make, moderator, elsewhere, "let_in")["error"]["code"] == "hands.not_there"


def test_settings_that_a_colleague_changed_meanwhile_are_not_undone(app, make, takes_hands, jolien, host):
    with app.app_context():
        seen = db.session.get(HandRules, takes_hands.id).settings_revision
    put_up(make, make.identity("Noor"), takes_hands)  # a hand changes no setting

    assert make.do(events.ARRANGE, host, takes_hands, minutes=5, seen=seen)["ok"]
    late = make.do(events.ARRANGE, jolien, takes_hands, minutes=1, seen=seen)

    assert late["error"]["code"] == "hands.rules_changed"
    assert "Ruben" in late["error"]["message"]


def test_what_happened_stays_written_with_who_did_it(app, make, takes_hands, jolien):
    put_up(make, make.identity("Noor"), takes_hands)
    call(make, jolien, takes_hands, "let_in")
    call(make, jolien, takes_hands, "finish")

    with app.app_context():
        rows = db.session.scalars(select(HandChange).order_by(HandChange.at)).all()
        assert [(row.actor_name, row.action, row.after) for row in rows] == [
            ("Jolien", HandAction.LET_IN, HandStatus.SPEAKING),
            ("Jolien", HandAction.FINISH, HandStatus.SPOKEN),
        ]
        assert rows[0].at < rows[1].at


def test_an_erased_person_leaves_no_hand_and_open_pages_are_told(app, make, takes_hands, jolien, now):
    noor = make.identity("Noor")
    put_up(make, noor, takes_hands)
    call(make, jolien, takes_hands, "let_in")
    with app.app_context():
        before = item_of(takes_hands)["revision"]

    with app.app_context(), transaction():
        erase(noor.id, now=now)

    with app.app_context():
        after = item_of(takes_hands)
        assert db.session.scalars(select(Hand)).all() == []
        assert after["revision"] > before
        assert after["speaking"] is None
