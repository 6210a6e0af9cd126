"""Socket protocol over real sockets on a served app: what a client may send, and what it always gets back."""

import contextlib
import json
import os
import random
import re
import time
import urllib.request
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import websocket
from websocket import ABNF

import dagvandebuurt.live.events
import dagvandebuurt.moderation.events  # the sections register their events
import dagvandebuurt.polls.events
import dagvandebuurt.qanda.events  # noqa: F401
from dagvandebuurt.live.dispatch import EVENTS
from tests.chaos.rounds import SERVER, workers_of
from tests.served import serve
from tests.socket_client import NAMESPACE, Refused, Socket
from tests.visitors import house_of, live_session, visitors

CUTS = int(os.environ.get("DVB_ROUNDS", "60"))  # points of disconnection; `make chaos` takes a thousand


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    fast = {"LIVE_BURST": "2000", "LIVE_EVENTS_PER_SECOND": "2000", "LIVE_GATHER_MS": "50"}
    with serve(tmp_path_factory.mktemp("wire"), **fast) as served:
        served.app = house_of(served.folder, served.environ)
        served.room = live_session(served.app)
        served.moderator, *served.people = visitors(served.app, 12, moderators=1)
        served.newcomers = iter(visitors(served.app, 800, prefix="Noor"))
        yield served


@pytest.fixture
def connect(house):
    opened = []

    def connect(visitor, enter=True):
        socket = Socket(house.url, cookie=visitor.cookie, token=visitor.token)
        opened.append(socket)
        if enter:
            assert socket.call("session:enter", {"session": str(house.room)})["ok"]
        return socket

    yield connect
    for socket in opened:
        socket.close()


@pytest.fixture
def noor(house, connect):
    """A new person in each test, because pending questions are limited per person."""
    return connect(next(house.newcomers))


def ask(house, **more):
    return {"session": str(house.room), "op": uuid4().hex, "id": str(uuid4()), "text": "Wie?", **more}


@pytest.mark.parametrize("rubbish", ["tekst", None, [], 7, True, 1.5, [{"session": 1}]])
@pytest.mark.parametrize("event", sorted(EVENTS))
def test_anything_but_one_object_is_a_bad_request(noor, event, rubbish):  # B1
    answer = noor.call(event, rubbish)

    assert (answer["ok"], answer["error"]["code"]) == (False, "live.bad_request")


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_missing_and_extra_fields_are_named(noor, event):  # B2
    missing, extra = noor.call(event, {}), noor.call(event, {"role": "admin"})

    assert ("number" if event == "connection:echo" else "session") in missing["error"]["fields"]
    assert "role" in extra["error"]["fields"]


def test_two_arguments_are_one_too_many(house, noor):  # B2
    assert noor.call("question:ask", ask(house), ask(house))["error"]["code"] == "live.bad_request"


@pytest.mark.parametrize("almost", ["true", "1", 1, [True], None, "on"])
def test_booleans_are_strict(house, noor, almost):  # B3
    wish = {"session": str(house.room), "op": uuid4().hex, "question": str(uuid4()), "on": almost}

    assert "on" in noor.call("question:support", wish)["error"]["fields"]


@pytest.mark.parametrize("event", ["nonsense", "question:delete", "", "message", "x" * 200])
def test_an_unknown_event_is_answered(noor, event):  # B4
    assert noor.call(event, {})["error"]["code"] == "live.unknown_event"


@pytest.mark.parametrize("event", ["connect", "disconnect"])
def test_a_forged_connect_or_disconnect_changes_nothing(house, noor, event):  # B7
    answer = noor.call(event, {"reason": "x"})

    assert answer["error"]["code"] == "live.unknown_event"
    assert noor.call("question:ask", ask(house))["ok"]  # still known, still inside


STRANGE = ["*", "connect", "disconnect", "connect_error", "__proto__", "\u202e"]


@pytest.mark.parametrize("arguments", [(), ({"reason": "x"},), (["*"],), ("*", None, 3), ("a", "b")])
@pytest.mark.parametrize("event", STRANGE)
def test_an_event_with_the_name_of_something_else_is_answered_like_all_others(house, noor, event, arguments):
    """`*` is what the library calls the handler of everything else (reserved name)."""
    written = len(house.log)

    answer = noor.call(event, *arguments)

    assert answer["error"]["code"] == "live.unknown_event"
    assert len(house.log) == written


@pytest.mark.parametrize("wire", ["direct", "stock"])
def test_unknown_events_are_rate_limited_too(tmp_path, wire):
    with serve(tmp_path, LIVE_BURST="12", LIVE_EVENTS_PER_SECOND="0.1", LIVE_WIRE=wire) as small:
        app = house_of(tmp_path, small.environ)
        live_session(app)
        [noor] = visitors(app, 1)
        socket = Socket(small.url, cookie=noor.cookie, token=noor.token)
        frames = [(name, *more) for name in STRANGE for more in ((), ({"a": 1},), (["x"], 2))]
        codes = [socket.call(*frame)["error"]["code"] for frame in frames]
        socket.close()

        assert codes == ["live.unknown_event"] * 12 + ["live.slow_down"] * (len(frames) - 12)
        assert "Traceback" not in small.log


def test_events_without_an_acknowledgement_id_are_executed(house, noor):  # B8
    message = ask(house)
    noor.raw(f"42{NAMESPACE},{json.dumps(['question:ask', message])}")
    time.sleep(0.5)

    assert noor.call("question:ask", message)["ok"]  # the replay of what was executed


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\n\n"])
def test_an_empty_question_is_refused_with_a_message(house, noor, text):
    assert noor.call("question:ask", ask(house, text=text))["error"]["fields"]["text"] == [
        "Schrijf hier eerst iets op."
    ]


def test_a_question_too_long_says_how_long_it_may_be(house, noor):
    answer = noor.call("question:ask", ask(house, text="a" * 501))

    assert answer["error"]["fields"]["text"] == ["Houd het bij 500 tekens."]


def test_lone_surrogates_and_nul_do_not_reach_the_database(house, noor):  # A6
    answer = noor.call("question:ask", ask(house, text="hal\x00lo \ud83d daar"))

    assert answer["ok"] is False or answer["question"]["text"] == "hallo  daar".replace("  ", " ")


@pytest.mark.parametrize(
    "identity", [-1, 2**31, 2**63, "1e9", "٣", True, "..", "6b9d5ef9-015f-46d9-8b82-0cbb9b3016f"]
)
def test_malformed_ids_are_refused_like_unknown_ones(house, noor, identity):  # A7
    wish = {"session": str(house.room), "op": uuid4().hex, "question": identity, "on": True}

    assert noor.call("question:support", wish)["ok"] is False


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_foreign_origin_gets_no_socket(house, origin):  # B14
    visitor = house.people[1]

    with pytest.raises((websocket.WebSocketBadStatusException, Refused)):
        Socket(house.url, cookie=visitor.cookie, token=visitor.token, origin=origin)


@pytest.mark.parametrize("token", [None, "", "forged"])
def test_a_socket_needs_the_token_of_its_page(house, token):  # B14
    with pytest.raises(Refused):
        Socket(house.url, cookie=house.people[1].cookie, token=token)


def test_a_token_is_bound_to_its_browser(house):  # B14
    with pytest.raises(Refused):
        Socket(house.url, cookie=house.people[1].cookie, token=house.people[2].token)


def test_a_socket_outside_the_room_neither_writes_nor_receives(house, connect):  # B20
    outside, inside = connect(house.people[3], enter=False), connect(house.people[4])
    moderator = connect(house.moderator)

    refused = outside.call("question:ask", ask(house))
    asked = inside.call("question:ask", ask(house))
    moderator.call(
        "question:show", {"session": str(house.room), "op": uuid4().hex, "question": asked["question"]["id"]}
    )

    assert refused["error"]["code"] == "live.not_entered"
    assert inside.listen(1.5) != []  # the change, or a tick that makes it sync
    assert outside.listen(0.5) == []


@pytest.mark.parametrize("event", ["question:show", "question:hide", "question:live", "question:answer"])
def test_only_the_desk_moderates(house, connect, noor, event):  # C4
    moderator = connect(house.moderator)
    asked = noor.call("question:ask", ask(house))
    deed = {"session": str(house.room), "op": uuid4().hex, "question": asked["question"]["id"]}
    deed |= {"question:hide": {"reason": "respect"}, "question:answer": {"text": "Ja."}}.get(event, {})

    assert noor.call(event, deed)["error"]["code"] == "house.not_allowed"
    mine = moderator.call(event, {**deed, "op": uuid4().hex})
    assert mine["ok"] or mine["error"]["code"] == "qanda.changed"  # allowed; perhaps not from this state


def test_the_hall_receives_published_questions_only(house, connect, noor):  # C8, R28
    listening, moderator = connect(house.people[5]), connect(house.moderator)

    asked = noor.call("question:ask", ask(house, text="Geheim tot ik getoond word?"))
    waiting_desk = (
        moderator.listen(1.5),
        moderator.call("session:sync", {"session": str(house.room), "since": 0}),
    )
    waiting_hall = (
        listening.listen(0.2),
        listening.call("session:sync", {"session": str(house.room), "since": 0}),
    )
    moderator.call(
        "question:show", {"session": str(house.room), "op": uuid4().hex, "question": asked["question"]["id"]}
    )
    shown_hall = (
        listening.listen(1.5),
        listening.call("session:sync", {"session": str(house.room), "since": 0}),
    )

    assert "Geheim" in json.dumps(waiting_desk)
    assert "Geheim" not in json.dumps(waiting_hall)
    assert "Geheim" in json.dumps(shown_hall)


def test_only_the_asker_receives_the_reason_for_hiding(house, connect, noor):
    listening, moderator = connect(house.people[6]), connect(house.moderator)
    asked = noor.call("question:ask", ask(house, text="Mijn buurman van nummer 7?"))
    noor.listen(0.4)

    moderator.call(
        "question:hide",
        {
            "session": str(house.room), "op": uuid4().hex, "question": asked["question"]["id"],
            "reason": "personal_data", "note": "Schrijf het zonder huisnummer.",
        },
    )  # fmt: skip

    everything = {"session": str(house.room), "since": 0}
    pushed, [mine] = noor.listen(1.5), noor.call("session:sync", everything)["mine"]["questions"]
    assert mine["hidden_reason"] == "personal_data"
    assert mine["hidden_note"] == "Schrijf het zonder huisnummer."
    assert pushed != []  # their own question, or a tick that makes them sync
    assert "huisnummer" not in json.dumps([listening.listen(0.3), listening.call("session:sync", everything)])


def test_three_hundred_events_at_once_keep_their_order(house, connect):  # B19
    socket = connect(house.people[7])
    for number in range(1, 301):
        socket.raw(f'42{NAMESPACE},{number}["session:beat",{{"session":"{house.room}"}}]')

    answered = []
    end = time.monotonic() + 10
    while len(answered) < 300 and time.monotonic() < end:
        frame = socket._receive()
        if frame.startswith(f"43{NAMESPACE},"):
            answered.append(int(frame[len(f"43{NAMESPACE},") : frame.index("[")]))

    assert answered == list(range(1, 301))


FRAMES = [
    f'42{NAMESPACE},["question:ask"', f"42{NAMESPACE},[]", f"42{NAMESPACE},{{}}", f"42{NAMESPACE},null", "42", "4", "9",
    f'42{NAMESPACE},5["question:ask",' + "[" * 200 + "]" * 200 + "]", f'42{NAMESPACE},6["a",{"9" * 5000}]',
    f"45{NAMESPACE},1-[", f"451-{NAMESPACE},[" + '"a",{"_placeholder":true,"num":0}]', f"43{NAMESPACE},99[]",
    f'42{NAMESPACE},{"9" * 200}["session:beat",{{}}]', "40/unknown,", "41/live,x", "\x00", "2probe", "3", "6",
    f'42{NAMESPACE},-1["session:beat",{{}}]', f'42{NAMESPACE},["question:ask",NaN]', "44", "1"[:0] or "5",
]  # fmt: skip


# A busy machine makes anything late. The failure to detect is a server that stands
# still: compared with an idle period of the same run, and a moment in which no other greenlet ran.
PATIENCE = 2.0


def seconds_of(call):
    """How long an answered call took."""
    before = time.monotonic()
    assert call()["ok"]
    return time.monotonic() - before


def memory_of(house):
    """Memory of the serving process, in MB."""
    [worker] = workers_of(house)
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{worker}/status").read_text())[1]) / 1024


def test_ten_thousand_strange_frames_disturb_nobody(house, connect):  # B10, B11
    dice = random.Random(7)
    written, before_mb = len(house.log), memory_of(house)
    bystander = connect(house.people[8])
    beat = {"session": str(house.room)}
    quiet = max(seconds_of(lambda: bystander.call("session:beat", beat)) for _ in range(20))
    stranger, sent = None, 0
    while sent < 10_000:
        if stranger is None:
            stranger = connect(house.people[9])
        try:
            for _ in range(50):
                frame = dice.choice(FRAMES)
                if dice.random() < 0.5:
                    cut = dice.randrange(len(frame) or 1)
                    frame = frame[:cut] + chr(dice.randrange(1, 0x2FF)) + frame[cut:]
                stranger.raw(frame)
                sent += 1
        except (OSError, websocket.WebSocketException):
            stranger = None
        if sent % 2000 < 50:
            took = seconds_of(lambda: bystander.call("session:beat", beat))
            assert took < PATIENCE + 50 * quiet

    assert connect(house.people[10]).call("question:ask", ask(house))["ok"]
    assert "Traceback" not in house.log
    assert len(house.log) - written < 10_000  # and not a page for each of them
    assert memory_of(house) - before_mb < 20


@pytest.mark.parametrize("namespace", ["/", "/nergens", "/live2", "/live/1"])
def test_an_unknown_namespace_is_refused(house, connect, namespace):  # B5
    socket = connect(house.people[3], enter=False)

    socket.raw("40" if namespace == "/" else f"40{namespace},")

    assert socket._receive().startswith("44")
    assert socket.call("session:enter", {"session": str(house.room)})["ok"]  # and nobody is disconnected


@pytest.mark.parametrize("number", ["-1", "1" * 18, "9" * 19, "9" * 200, "1.5", "٣", "0x1", "1"])
def test_strange_acknowledgement_numbers_disturb_nothing(house, connect, number):  # B9
    socket = connect(house.people[5])
    beat = json.dumps(["session:beat", {"session": str(house.room)}])

    socket.raw(f"42{NAMESPACE},{number}{beat}")
    for unasked in (f"43{NAMESPACE},{number}[]", f'43{NAMESPACE},7[{{"ok":true}}]', f"43{NAMESPACE},[]"):
        socket.raw(unasked)

    try:
        answered = socket.call("session:beat", {"session": str(house.room)})["ok"]
    except (OSError, TimeoutError, websocket.WebSocketException):
        answered = None  # their own connection ended, which they may read as they like
    assert answered in (True, None)
    assert connect(house.people[4]).call("session:beat", {"session": str(house.room)})["ok"]


def connections(house):
    with urllib.request.urlopen(f"{house.url}/metrics", timeout=5) as page:
        return float(re.search(r"^dvb_live_sockets (\S+)$", page.read().decode(), re.MULTILINE)[1])


def test_an_oversized_frame_closes_the_connection_without_leaks(house, connect):  # B12
    connect(house.people[6])
    before = connections(house)
    for _ in range(20):
        socket = connect(house.people[7])
        most = socket.most
        frame = f'42{NAMESPACE},["question:ask",{{"text":"'
        with contextlib.suppress(OSError, websocket.WebSocketException):
            socket.raw(frame + "a" * (most + 1 - len(frame)))
            while True:
                socket._receive()

    deadline = time.monotonic() + 5
    while connections(house) > before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert connections(house) == before


def check_cut_off(house, visitor, dice, times):
    """Ask, disconnect somewhere in it, reconnect and resend: each question is there once."""
    asked, mine = [], []
    for _ in range(times):
        message = ask(house)
        asked.append(message["id"])
        raw = ABNF.create_frame(
            f"42{NAMESPACE},1{json.dumps(['question:ask', message])}", ABNF.OPCODE_TEXT
        ).format()
        with inside(house, visitor) as socket:
            socket.ws.sock.sendall(raw[: dice.choice([dice.randrange(len(raw)), len(raw)])])
            time.sleep(dice.choice([0, 0, dice.random() * 0.02]))
            socket.ws.shutdown()

        with inside(house, visitor) as socket:
            answers = [socket.call("question:ask", message) for _ in range(2)]
            assert [answer["ok"] for answer in answers] == [True, True], answers
            assert answers[0] == answers[1]
            withdrawn = {"session": str(house.room), "op": uuid4().hex, "question": message["id"]}
            assert socket.call("question:withdraw", withdrawn)["ok"]  # so that the next one may be pending
            everything = socket.call("session:sync", {"session": str(house.room), "since": 0})
            mine = everything["mine"]["questions"]
    assert sorted(item["id"] for item in mine) == sorted(asked)


@contextlib.contextmanager
def inside(house, visitor):
    with contextlib.closing(Socket(house.url, cookie=visitor.cookie, token=visitor.token)) as socket:
        assert socket.call("session:enter", {"session": str(house.room)})["ok"]
        yield socket


def test_an_interrupted_and_resent_write_is_executed_once(house):  # B17
    check_cut_off(house, next(house.newcomers), random.Random(17), CUTS)


def test_interrupted_writes_without_stored_results_are_caught(tmp_path):  # B17
    with serve(tmp_path, command=SERVER, DVB_SABOTAGE="no_replay") as house:
        house.app = house_of(house.folder, house.environ)
        house.room = live_session(house.app)
        [noor] = visitors(house.app, 1)
        with pytest.raises(AssertionError, match=r"already_there|revision"):
            check_cut_off(house, noor, random.Random(17), 20)


def test_a_flood_from_one_client_does_not_lock_out_others(house, connect):  # B21
    flooding = [connect(house.people[8], enter=False) for _ in range(10)]
    half_open = []

    def support():
        began = time.monotonic()
        assert connect(house.people[9]).call("question:support", wish_for_nothing(house))["ok"] is False
        return time.monotonic() - began

    quiet = max(support() for _ in range(5))
    worst = 0.0
    for turn in range(20):
        for socket in flooding:
            socket.ws.sock.sendall(
                b"".join(ABNF.create_frame("3", ABNF.OPCODE_TEXT).format() for _ in range(100))
            )
        half_open += [create_connection(("127.0.0.1", urlsplit(house.url).port)) for _ in range(10)]
        if turn % 5 == 4:
            worst = max(worst, support())
    for each in half_open:
        each.close()

    assert worst < PATIENCE + 20 * quiet


def wish_for_nothing(house):
    return {"session": str(house.room), "op": uuid4().hex, "question": str(uuid4()), "on": True}
