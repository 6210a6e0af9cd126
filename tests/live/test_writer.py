from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from dagvandebuurt.live import writes
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Write
from dagvandebuurt.qanda import events


@pytest.fixture
def running(app):
    """The writer in a thread of its own, as when serving."""
    with app.app_context():
        core = live()
    core.writer.start()
    yield core
    core.writer.stop()


def ask(session):
    message = {"session": str(session.id), "op": uuid4().hex, "id": str(uuid4()), "text": "Wie?"}
    return events.ASK.act.from_message(message)


def test_a_failed_batch_is_answered_and_the_writer_continues(running, session, make, monkeypatch):
    noor = make.identity("Noor")
    with monkeypatch.context() as broken:
        broken.setattr(writes, "execute", lambda _batch: 1 / 0)
        failed = running.do(events.ASK, noor, ask(session))

    worked = running.do(events.ASK, noor, ask(session))

    assert failed["error"]["code"] == "live.try_again"
    assert worked["ok"]


def test_a_write_at_the_very_end_of_a_worker_is_stored_and_logs_nothing(running, session, make, caplog):
    """As a socket sends it: from a thread without an application context."""
    noor = make.identity("Noor")
    running.writer.stop()

    with ThreadPoolExecutor(1) as socket:
        answer = socket.submit(running.writer.do, Write(events.ASK, noor, ask(session))).result()

    assert answer["ok"]
    assert [record.message for record in caplog.records if record.levelname != "INFO"] == []


def test_plain_forms_use_the_group_commit_writer(running, session, make):
    browser = make.browser(make.person("Gerda"))
    form = {
        "op": uuid4().hex,
        "id": str(uuid4()),
        "kind": "question",
        "appear": "anonymous",
        "text": "Mag ik bellen?",
    }

    first = browser.post(f"/sessies/{session.slug}/vragen", data=form)
    again = browser.post(f"/sessies/{session.slug}/vragen", data=form)

    assert (first.status_code, again.status_code) == (303, 303)
    page = browser.get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    assert page.count("data-own=") == 2  # the question, and the empty template beside it
