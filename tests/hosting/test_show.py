"""The run of show: what is planned against the clock, who may change it, and the end of a session."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.core.db import db
from dagvandebuurt.hosting import show_events as events
from dagvandebuurt.hosting.models import PartKind, ShowPart
from dagvandebuurt.hosting.show import pace
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from tests.factories import START
from tests.live.test_races import at_once


@pytest.fixture
def host(make, session):
    return make.identity("Ruben", roles=[("host", session.id)])


@pytest.fixture
def jolien(make, session):
    return make.moderator("Jolien", session)


def plan(make, session, who):
    """Plan a welcome of five minutes, a pause of ten, and questions; return their ids and the revision."""
    ids, seen = [], None
    for kind, minutes in (("welcome", 5), ("pause", 10), ("questions", 45)):
        ids.append(str(uuid4()))
        done = make.do(events.WRITE_PART, who, session, part=ids[-1], kind=kind, minutes=minutes, seen=seen)
        assert done["ok"], done
        seen = done["show"]["revision"]
    return ids, seen


def text_of(make, person, path):
    return make.browser(person).get(path).get_data(as_text=True)


def test_host_plans_and_everybody_follows(make, session, host):
    (_welcome, pause, _questions), seen = plan(make, session, host)
    room = f"/sessies/{session.slug}"
    page = text_of(make, host, f"{room}/draaiboek")
    assert page.index("Welkom") < page.index("Pauze</p>")
    assert "Samen 60 minuten." in page

    begun = make.do(events.BEGIN_PART, host, session, part=pause, seen=seen)

    assert begun["ok"]
    told = text_of(make, host, f"{room}/gespreksleider")
    assert "10 minuten te laat" in told  # a quarter past, and the pause was due at five past
    assert "Pauze" in make.browser().get(f"{room}/podium").get_data(as_text=True)


def test_lobby_says_what_comes(make, session, host, app, monkeypatch):
    plan(make, session, host)
    from dagvandebuurt.core import clock

    monkeypatch.setattr(clock, "now", lambda: session.starts_at - timedelta(minutes=5))

    room = make.browser().get(f"/sessies/{session.slug}/live").get_data(as_text=True)

    assert "Zo gaat deze sessie" in room
    assert room.index("Welkom") < room.index("Pauze")


def test_two_people_begin_a_part_at_once(make, session, host, jolien, app):
    (welcome, pause, _questions), seen = plan(make, session, host)

    outcomes = at_once(
        lambda: make.do(events.BEGIN_PART, host, session, part=welcome, seen=seen),
        lambda: make.do(events.BEGIN_PART, jolien, session, part=pause, seen=seen),
    )

    assert sorted(outcome["ok"] for outcome in outcomes) == [False, True]


def test_going_back_takes_back_what_was_begun_by_mistake(make, session, host, app):
    (welcome, pause, _questions), seen = plan(make, session, host)
    seen = make.do(events.BEGIN_PART, host, session, part=pause, seen=seen)["show"]["revision"]

    make.do(events.BEGIN_PART, host, session, part=welcome, seen=seen)

    with app.app_context():
        begun = {part.kind: part.begun_at is not None for part in db.session.query(ShowPart)}
    assert begun == {PartKind.WELCOME: True, PartKind.PAUSE: False, PartKind.QUESTIONS: False}


@pytest.mark.parametrize("minutes", ["", "nul", "0", "241", "5.5"])
def test_bad_minutes_are_refused_and_what_was_typed_stays(make, session, host, minutes):
    answer = make.browser(host).post(
        f"/sessies/{session.slug}/draaiboek",
        data={
            "part": str(uuid4()),
            "kind": "film",
            "minutes": minutes,
            "title": "De film van de straat",
            "speaker": "",
        },
    )

    assert answer.status_code == 422
    assert "De film van de straat" in answer.get_data(as_text=True)


def test_a_plain_form_adds_once(make, session, host, app):
    browser = make.browser(host)
    body = {
        "op": uuid4().hex, "part": str(uuid4()), "kind": "film", "minutes": "7",
        "title": "De film", "speaker": "", "stage": "Scherm", "seen": "0",
    }  # fmt: skip

    for _ in "ab":
        assert browser.post(f"/sessies/{session.slug}/draaiboek", data=body).status_code == 303

    with app.app_context():
        (part,) = db.session.query(ShowPart).all()
        assert (part.title, part.minutes, part.stage, part.speaker_id) == ("De film", 7, "Scherm", None)


def test_longer_is_told_inside_and_in_calendars_and_mails_nobody(make, session, host, app):
    browser = make.browser(host)
    page = text_of(make, host, f"/sessies/{session.slug}/gespreksleider")
    seen = page.partition('name="seen" value="' + session.ends_at.isoformat()[:10])[0]
    assert seen != page  # the end on screen is in its form
    body = {"op": uuid4().hex, "minutes": "10", "seen": session.ends_at.isoformat()}

    for _ in "ab":
        assert browser.post(f"/sessies/{session.slug}/gespreksleider/eindtijd", data=body).status_code == 303

    with app.app_context():
        after = db.session.get(ProgrammeSession, session.id)
        assert after.ends_at == session.ends_at + timedelta(minutes=10)
        assert after.sequence == session.sequence + 1
        assert db.session.query(Mail).count() == 0


def test_two_people_make_it_longer_at_once(make, session, host, jolien, app):
    def press(who):
        return make.do(events.CHANGE_END, who, session, minutes=5, seen=session.ends_at.isoformat())

    outcomes = at_once(lambda: press(host), lambda: press(jolien))

    assert sorted(outcome["ok"] for outcome in outcomes) == [False, True]
    with app.app_context():
        assert db.session.get(ProgrammeSession, session.id).ends_at == session.ends_at + timedelta(minutes=5)


def test_ending_now_ends_it_for_everybody(make, session, host, app, now):
    done = make.do(events.CHANGE_END, host, session, minutes=0, seen=session.ends_at.isoformat())

    assert done["ok"], done
    with app.app_context():
        assert db.session.get(ProgrammeSession, session.id).phase_at(now) is Phase.ENDED
    late = make.do(events.CHANGE_END, host, session, minutes=5, seen=done["ends_at"])
    assert late["error"]["code"] == "hosting.not_on"


@pytest.mark.parametrize("role", ["guest", "organiser"])
def test_who_may_change_it(make, session, role):
    who = make.guest() if role == "guest" else make.identity(roles=["organiser"])

    planned = make.do(events.WRITE_PART, who, session, part=str(uuid4()), kind="film", minutes=5)
    ended = make.do(events.CHANGE_END, who, session, minutes=0, seen=session.ends_at.isoformat())

    assert planned["ok"] is (role == "organiser")
    assert ended["error"]["code"] == "house.not_allowed"


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=8),
    st.integers(0, 7),
    st.integers(-600, 600),
    st.integers(0, 3600),
)
def test_pace_is_true_whatever_the_plan(minutes, at, off, gone):
    at = min(at, len(minutes) - 1)
    parts = [ShowPart(position=place, kind=PartKind.TALK, minutes=each) for place, each in enumerate(minutes)]
    due = START + timedelta(minutes=sum(minutes[:at]))
    begun = due + timedelta(seconds=off)
    for each in parts[: at + 1]:
        each.begun_at = begun
    now = begun + timedelta(seconds=gone)

    told = pace(parts, START, Phase.LIVE, now)

    assert told.current is parts[at]
    over = max(0, gone - 60 * minutes[at])
    assert told.late == int((off + over) / 60)
    assert told.ends_at == max(now, begun + timedelta(minutes=minutes[at])) + timedelta(
        minutes=sum(minutes[at + 1 :])
    )
    assert (told.coming is None) == (at == len(minutes) - 1)
