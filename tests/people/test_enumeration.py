"""User enumeration by a timing side channel: a known and an unknown address cost the same work."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people import letters
from dagvandebuurt.people.models import PersonalLink


@contextmanager
def work_of(app, monkeypatch):
    """Counts of what takes time: rendered mails, written rows, all queries."""
    done = {"letters": 0, "mails": 0, "asked": 0}

    def hear(_connection, _cursor, statement, *_rest):
        done["asked"] += 1
        done["mails"] += "INSERT INTO mail" in statement

    real = letters.write

    def write(*args, **named):
        done["letters"] += 1
        return real(*args, **named)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    with monkeypatch.context() as watched:
        watched.setattr(letters, "write", write)
        yield done
    event.remove(engine, "before_cursor_execute", hear)


def asking_for_a_link(app, make, monkeypatch):
    """The work for a known address, for the same one once more at once, and for an unknown one."""
    make.person("Noor", email="noor@buurt.example")
    make.browser().get("/inloggen")  # what is built once per process is built
    found = []
    for email in ("noor@buurt.example", "noor@buurt.example", "niemand@buurt.example"):
        with work_of(app, monkeypatch) as done:
            assert make.browser().post("/inloggen", data={"email": email}).status_code == 200
        found.append(done)
    return found


def is_the_same_work(known, again, unknown):
    for other in (again, unknown):
        assert (other["letters"], other["mails"]) == (known["letters"], known["mails"]) == (1, 1)
        assert abs(other["asked"] - known["asked"]) <= 2, (known, other)


def test_m8_unknown_addresses_take_the_same_time_and_store_nothing(app, make, now, monkeypatch):
    is_the_same_work(*asking_for_a_link(app, make, monkeypatch))

    with app.app_context():
        assert db.session.scalars(select(Mail.to)).all() == ["noor@buurt.example"]
        assert db.session.scalar(select(func.count()).select_from(PersonalLink)) == 1


def test_m8_a_timing_difference_for_unknown_addresses_is_caught(app, make, now, monkeypatch):
    monkeypatch.setattr(letters, "rehearse_login_link", lambda *_args, **_named: None)

    with pytest.raises(AssertionError):
        is_the_same_work(*asking_for_a_link(app, make, monkeypatch))
