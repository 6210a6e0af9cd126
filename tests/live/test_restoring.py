"""Restored database, an older copy or a lagging standby: clients that are ahead get a new epoch (stale read
after failover, split history)."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from dagvandebuurt.cli import main
from dagvandebuurt.core.db import db
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.live.restore_detection import Mark, check_at_start
from dagvandebuurt.people.queries import RIGHTS
from dagvandebuurt.programme.public.page_cache import Page, page_cache
from dagvandebuurt.qanda.models import Question, QuestionStatus
from tests.live.inside import Inside


@pytest.fixture
def inside(app, monkeypatch):
    return Inside(app, monkeypatch)


@pytest.fixture
def hall(inside, make, session):
    """A client at revision 41, where the room has two questions."""
    for number in range(2):
        make.question(session, status=QuestionStatus.VISIBLE, text=f"Vraag {number}?", revision=40 + number)
    at(inside.app, session, 41)
    seat = inside.come(make.identity("Noor"))
    seat.entered = seat.call("session:enter", session=str(session.id))
    inside.look(tick=True)
    seat.read()
    return seat


def at(app, session, revision, *, without=""):
    """Set the room back to this revision, without these questions."""
    with app.app_context():
        db.session.get(LiveRoom, session.id).revision = revision
        for question in db.session.scalars(select(Question).where(Question.text == without)):
            db.session.delete(question)
        db.session.commit()


def epoch_of(app, session):
    with app.app_context():
        return str(db.session.get(LiveRoom, session.id).epoch)


def test_a_lagging_standby_that_takes_over_resets_open_pages(inside, hall, session):
    at(inside.app, session, 9, without="Vraag 1?")

    inside.look()  # it is noticed
    inside.look()  # and broadcast
    told = hall.read()
    again = hall.call("session:enter", session=str(session.id))

    ticks = [message["epoch"] for name, message in told if name == "session:tick"]
    assert ticks == [again["epoch"]]
    assert again["epoch"] != hall.entered["epoch"]
    assert [item["text"] for item in again["items"] if "text" in item] == ["Vraag 0?"]
    inside.look()
    assert epoch_of(inside.app, session) == again["epoch"]  # once, not at every turn


def test_an_unaffected_room_keeps_its_epoch(inside, hall, session):
    at(inside.app, session, 42)

    inside.look()
    inside.look()

    assert epoch_of(inside.app, session) == hall.entered["epoch"]


def test_before_detection_a_client_ahead_of_the_database_gets_a_snapshot(inside, hall, make, session):
    at(inside.app, session, 9, without="Vraag 1?")
    url = f"/sessies/{session.slug}/live/state?since=41&epoch={hall.entered['epoch']}"

    by_socket = hall.call("session:sync", session=str(session.id), since=41)
    by_asking = make.browser(make.person("Bart")).get(url).json

    assert (by_socket["from"], by_asking["from"]) == (0, 0)
    assert len(by_socket["items"]) == len(by_asking["items"]) == 1


def test_after_detection_a_polling_page_is_right_even_once_revisions_overtook(inside, hall, make, session):
    url = f"/sessies/{session.slug}/live/state?since=41&epoch={hall.entered['epoch']}"
    at(inside.app, session, 9, without="Vraag 1?")
    inside.look()
    at(inside.app, session, 50)

    answer = make.browser(make.person("Bart")).get(url).json

    assert (answer["from"], len(answer["items"])) == (0, 1)


def test_caches_keyed_by_reset_counters_are_cleared(inside, hall, session):
    with inside.app.app_context():
        page_cache().page("programme 7", lambda: Page(("old",), (), {}))
    at(inside.app, session, 9)

    inside.look()

    with inside.app.app_context():
        assert page_cache().page("programme 7", lambda: Page(("new",), (), {})).pieces == ("new",)


def test_permissions_missing_after_a_restore_are_revoked_on_open_sockets(inside, hall, session):
    watch, app = inside.core.rights, inside.app
    looked_at = []
    watch._settle = looked_at.append

    def look_at(revision):
        with app.app_context():
            db.session.merge(LiveRoom(id=RIGHTS, revision=revision))
            db.session.commit()
            watch.look()

    look_at(5)
    look_at(5)
    assert looked_at == []
    look_at(2)

    assert looked_at == [hall.listener]
    assert epoch_of(app, session) != hall.entered["epoch"]


def test_a_restore_before_a_start_is_detected_by_the_high_water_mark(inside, hall, session, tmp_path):
    app, epoch = inside.app, hall.entered["epoch"]
    inside.core.pump.mark.keep(now=True)

    at(app, session, 9)
    noticed = check_at_start(app, Mark(Path(app.config["DATA_FOLDER"])))
    again = check_at_start(app, Mark(Path(app.config["DATA_FOLDER"])))

    assert (noticed, again) == (True, False)
    assert epoch_of(app, session) != epoch


def test_an_ordinary_start_changes_nothing(inside, hall, session):
    app = inside.app
    inside.core.pump.mark.keep(now=True)

    assert not check_at_start(app, Mark(Path(app.config["DATA_FOLDER"])))
    assert epoch_of(app, session) == hall.entered["epoch"]


@pytest.mark.parametrize("rubbish", ["", "{", "[1]", '{"no id": 3}', '{"x": "y"}'])
def test_a_broken_mark_does_not_stop_a_start(inside, hall, session, rubbish):
    folder = Path(inside.app.config["DATA_FOLDER"]) / "told"
    folder.mkdir(exist_ok=True)
    (folder / "broken.json").write_text(rubbish)

    assert not check_at_start(inside.app, Mark(folder.parent))


def test_the_mark_has_private_file_permissions(inside, hall):
    inside.core.pump.mark.keep(now=True)

    files = list((Path(inside.app.config["DATA_FOLDER"]) / "told").glob("*.json"))

    assert [oct(path.stat().st_mode & 0o777) for path in files] == ["0o600"]


def test_the_restored_command_starts_a_new_epoch(inside, hall, session, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.cli._app", lambda: inside.app)

    main(["restored"], standalone_mode=False)
    inside.look()

    assert epoch_of(inside.app, session) != hall.entered["epoch"]
    assert [message["epoch"] for name, message in hall.read()] == [epoch_of(inside.app, session)]


def test_a_restore_under_a_running_server_with_restart(tmp_path):
    """End to end, as docs/running.md describes: both a socket and a polling page are right afterwards."""
    from tests.served import serve
    from tests.socket_client import Socket
    from tests.visitors import house_of, live_session, visitors

    with serve(tmp_path) as house:
        app = house_of(tmp_path, house.environ)
        room, crowd = live_session(app), visitors(app, 1, moderators=1)
        database = tmp_path / "dagvandebuurt.db"

        def come():
            return Socket(house.url, cookie=crowd[0].cookie, token=crowd[0].token)

        def ask(socket, number):
            words = {
                "session": str(room),
                "op": str(uuid4()),
                "id": str(uuid4()),
                "text": f"Vraag {number}?",
            }
            answer = socket.call("question:ask", words)
            assert answer["ok"], answer

        socket = come()
        socket.call("session:enter", {"session": str(room)})
        ask(socket, 1)
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
        for number in range(2, 6):
            ask(socket, number)
        before = socket.call("session:sync", {"session": str(room), "since": 0})
        socket.listen(1.5)  # the pump sent it, and wrote its mark
        socket.close()
        house.stop()
        for path in tmp_path.glob("dagvandebuurt.db*"):
            path.unlink()
        shutil.copy(tmp_path / "copy.db", database)
        house.start()

        socket = come()
        entered = socket.call("session:enter", {"session": str(room)})
        asked = socket.call(
            "session:sync", {"session": str(room), "since": before["to"], "epoch": before["epoch"]}
        )
        socket.close()

    questions = [item for item in before["items"] if item["kind"] == "question"]
    assert len(questions) == 5
    assert entered["epoch"] != before["epoch"]
    assert (asked["from"], len([i for i in asked["items"] if i["kind"] == "question"])) == (0, 1)
