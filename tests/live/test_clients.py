"""Reference clients in JavaScript and Python, written from docs/live-protocol.md alone, follow a session."""

import json
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.models import ProgrammeSession
from tests.served import serve
from tests.visitors import house_of, live_session, visitors

CLIENTS = Path(__file__).parent / "clients"
COMMANDS = {
    "javascript": ["node", str(CLIENTS / "follow.mjs")],
    "python": [sys.executable, str(CLIENTS / "follow.py")],
}


class Client:
    """One running client: `do` sends a command and returns its output."""

    def __init__(self, language, house, visitor):
        self.process = subprocess.Popen(
            [*COMMANDS[language], house.url, house.slug, visitor.cookie],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CLIENTS,
        )
        try:
            self._heard()
        except BaseException:
            self.end()
            raise

    def do(self, deed, **order):
        self.process.stdin.write(json.dumps({"do": deed, **order}) + "\n")
        self.process.stdin.flush()
        return self._heard()

    def send(self, event, **message):
        return self.do("send", event=event, message=message)["answer"]

    def wait_for(self, seen, seconds=6):
        """Poll until `seen(its state)`."""
        deadline = time.monotonic() + seconds
        while True:
            knows = self.do("look")
            if seen(knows):
                return knows
            assert time.monotonic() < deadline, knows
            time.sleep(0.1)

    def end(self):
        if self.process.poll() is None:
            self.process.stdin.write('{"do": "end"}\n')
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()

    def _heard(self):
        line = self.process.stdout.readline()
        assert line, "the client stopped"
        return json.loads(line)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("clients"), LIVE_GATHER_MS="50") as served:
        app = house_of(served.folder, served.environ)
        room = live_session(app)
        with app.app_context():
            served.slug = db.session.get_one(ProgrammeSession, room).slug
        served.moderator, *people = visitors(app, 13, moderators=1)
        served.people = iter(people)
        yield served
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def start(house):
    started = []

    def start(language, visitor):
        started.append(Client(language, house, visitor))
        started[-1].do("enter")
        return started[-1]

    yield start
    for client in started:
        client.end()


@pytest.mark.parametrize(("language", "other"), [("javascript", "python"), ("python", "javascript")])
def test_the_protocol_document_suffices_to_follow_a_session(house, start, language, other):
    asker, moderator = start(language, next(house.people)), start(other, house.moderator)
    reader = start(language, next(house.people))
    text, question = f"Wie leest dit, {language}?", str(uuid4())

    # A write, and its replay.
    ask = {"op": uuid4().hex, "id": question, "text": text, "appear": "anonymous"}
    first, again = asker.send("question:ask", **ask), asker.send("question:ask", **ask)
    assert first["ok"]
    assert first == again
    assert first["question"]["status"] == "waiting"
    moderator.wait_for(lambda knows: text in str(knows["items"]))
    assert text not in str(reader.do("look")["items"])

    # It is shown: everybody has it, and the asker is notified.
    assert moderator.send("question:show", op=uuid4().hex, question=question)["ok"]
    reader.wait_for(lambda knows: text in str(knows["items"]))
    asker.wait_for(lambda knows: [q["status"] for q in knows["own"] if q["id"] == question] == ["visible"])

    # Away for a while; afterwards only the changes are requested.
    reader.do("leave")
    assert moderator.send("question:live", op=uuid4().hex, question=question)["ok"]
    support = asker.send("question:support", op=uuid4().hex, question=question, on=True)
    assert support["support"] == 1
    reader.do("come_back")
    known = reader.do("enter")
    (card,) = [item for item in known["items"] if item["id"] == question]
    assert (card["status"], card["support"], card["by"]) == ("live", 1, {"as": "anonymous"})

    # Where no WebSocket gets through.
    reader.do("leave")
    by_http = reader.do(
        "http", event="question:support", message={"op": uuid4().hex, "question": question, "on": True}
    )
    assert (by_http["answer"]["ok"], by_http["answer"]["support"]) == (True, 2)
    state = reader.do("state")["answer"]
    assert [item["support"] for item in state["items"] if item["id"] == question] == [2]
    assert state["mine"]["supported"] == [question]

    # And all of them have the same state in the end.
    reader.do("come_back")
    reader.do("enter")
    truth = all_of(reader.do("look"))
    asker.wait_for(lambda knows: all_of(knows) == truth)


def all_of(knows):
    return sorted(json.dumps(item, sort_keys=True) for item in knows["items"])


@pytest.mark.parametrize("language", COMMANDS)
def test_a_refusal_is_an_answer_with_a_code_and_a_sentence(house, start, language):
    client = start(language, next(house.people))

    refused = client.send("question:show", op=uuid4().hex, question=str(uuid4()))
    wrong = client.send("question:support", op=uuid4().hex, question=str(uuid4()), on="true")
    unknown = client.send("question:eat")

    assert [answer["error"]["code"] for answer in (refused, wrong, unknown)] == [
        "house.not_allowed",
        "house.invalid_input",
        "live.unknown_event",
    ]
    assert all(answer["error"]["message"] for answer in (refused, wrong, unknown))


@pytest.mark.parametrize(("language", "other"), [("javascript", "python"), ("python", "javascript")])
def test_the_hall_chat_is_followed_from_the_document_alone(house, start, language, other):
    writer, moderator = start(language, next(house.people)), start(other, house.moderator)
    reader = start(language, next(house.people))
    text, line = f"Ik zit achterin, {language}", str(uuid4())
    assert moderator.send("chat:arrange", op=uuid4().hex, is_open=True)["ok"]

    say = {"op": uuid4().hex, "id": line, "text": text}
    first, again = writer.send("chat:say", **say), writer.send("chat:say", **say)
    assert first["ok"]
    assert first == again
    reader.wait_for(lambda knows: text in str(knows["items"]))
    too_soon = writer.send("chat:say", op=uuid4().hex, id=str(uuid4()), text="En nog iets")
    assert too_soon["error"]["code"] == "chat.slow"

    assert moderator.send("chat:hide", op=uuid4().hex, line=line, reason="respect")["ok"]
    reader.wait_for(lambda knows: text not in str(knows["items"]))
    moderator.wait_for(lambda knows: "respect" in str(knows["items"]))
