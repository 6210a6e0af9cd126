"""Room state: a session that ends, moves or is cancelled is announced to every open page, by socket and by
polling."""

from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import ProgrammeSession, SessionStatus
from tests.live.inside import Inside
from tests.live.test_together import counted_queries


@pytest.fixture
def inside(app, monkeypatch):
    return Inside(app, monkeypatch)


@pytest.fixture
def noor(inside, make, session):
    seat = inside.come(make.identity("Noor"))
    assert seat.call("session:enter", session=str(session.id))["ok"]
    return seat


def heard(inside, seat):
    """What the next tick says of the room."""
    seat.read()
    inside.look(tick=True)
    return [message["room"] for name, message in seat.read() if name == "session:tick"][-1]


def change(app, session, **values):
    with app.app_context():
        for name, value in values.items():
            setattr(db.session.get(ProgrammeSession, session.id), name, value)
        db.session.commit()


def test_open_pages_are_told_when_the_session_ends(inside, noor, session, now, monkeypatch):
    before = heard(inside, noor)["phase"]

    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at)

    assert (before, heard(inside, noor)["phase"]) == ("live", "ended")


def test_open_pages_are_told_when_the_session_is_cancelled(inside, noor, session):
    change(inside.app, session, status=SessionStatus.CANCELLED)

    assert heard(inside, noor)["phase"] == "cancelled"


def test_open_pages_are_told_when_the_session_starts(inside, noor, session):
    later = session.starts_at + timedelta(hours=2)
    change(inside.app, session, starts_at=later, ends_at=later + timedelta(hours=1))

    assert heard(inside, noor)["starts_at"] == later.isoformat()


def test_polling_pages_get_the_same_state(inside, make, session, monkeypatch):
    page = make.browser(make.person("Bart"))
    url = f"/sessies/{session.slug}/live/state?since=1"
    before = page.get(url).json["room"]["phase"]

    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: session.ends_at)

    assert (before, page.get(url).json["room"]["phase"]) == ("live", "ended")
    change(inside.app, session, status=SessionStatus.CANCELLED)
    assert (
        page.get(url, headers={"Accept": "application/json"}).json["error"]["code"] == "programme.called_off"
    )


def test_the_state_of_all_rooms_takes_one_query(inside, noor, make, session, now):
    def queries():
        with inside.app.app_context(), counted_queries() as asked:
            inside.look(tick=True)
        return sum("FROM programme_session" in statement for statement in asked)

    inside.look(tick=True)  # the first turn of a room reads all of it
    alone = queries()
    for number in range(5):
        other = make.session(
            f"Zaal {number}", starts_at=session.starts_at, ends_at=session.ends_at, slug=f"zaal-{number}"
        )
        assert inside.come(make.identity(f"Buur {number}")).call("session:enter", session=str(other.id))["ok"]
    inside.look(tick=True)

    assert queries() == alone
