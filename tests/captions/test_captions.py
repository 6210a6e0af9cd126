"""Captions: permissions, live delivery, correction, WebVTT export and retention."""

from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest

from dagvandebuurt.captions import events
from dagvandebuurt.captions.models import CaptionLine
from dagvandebuurt.captions.privacy import captions_without_a_recording
from dagvandebuurt.captions.queries import AT_HAND
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.core.webvtt import read
from dagvandebuurt.live import items
from dagvandebuurt.live.audiences import Audience
from dagvandebuurt.people.identity import Stranger
from dagvandebuurt.programme.stage.models import CaptionsFrom, Purpose, StageSource


@pytest.fixture
def captioner(make, session):
    return make.identity("Wessel", roles=[("captioner", session.id)])


def captions(session, since=0, audience=Audience.HALL):
    return [item for item in items.changes_since(session.id, since).of(audience) if item["kind"] == "caption"]


def texts(session, since=0):
    return [item.get("text") for item in captions(session, since)]


def test_captions_reach_everybody_in_order(make, session, captioner, inside):
    first = make.do(events.ADD, captioner, session, text="Goedemiddag allemaal.")
    second = make.do(events.ADD, captioner, session, text="Welkom  in\tde zaal.")

    assert first["ok"]
    assert texts(session) == ["Goedemiddag allemaal.", "Welkom in de zaal."]
    assert captions(session) == captions(session, audience=Audience.DESK)
    assert texts(session, since=first["revision"]) == ["Welkom in de zaal."]
    assert second["line"]["position"] == first["line"]["position"] + 1


def test_sending_a_caption_is_idempotent(make, session, captioner, inside):
    answers = [make.do(events.ADD, captioner, session, text="Een keer.", op="same-operation") for _ in "ab"]

    assert answers[0] == answers[1]
    assert texts(session) == ["Een keer."]


@pytest.mark.parametrize(
    ("roles", "may"),
    [
        ([("captioner", "here")], True), ([("captioner", None)], True), ([("host", "here")], True), ([("moderator", None)], True),
        ([("captioner", "there")], False), ([], False), ([("organiser", None)], False), ([("editor", None)], False),
    ],
)  # fmt: skip
def test_only_captioners_of_the_session_may_type(make, session, roles, may, inside):
    there = make.session("Elders", starts_at=session.starts_at, ends_at=session.ends_at)
    scopes = {"here": session.id, "there": there.id, None: None}
    somebody = make.identity("Iemand", roles=[(role, scopes[scope]) for role, scope in roles])

    answer = make.do(events.ADD, somebody, session, text="Hallo.")

    assert answer["ok"] is may
    assert texts(session) == (["Hallo."] if may else [])
    assert may or answer["error"]["code"] == "house.not_allowed"


def test_caption_is_corrected_in_place_and_deleted(make, session, captioner, inside):
    lines = [make.do(events.ADD, captioner, session, text=text)["line"] for text in ("Een", "Twe", "Drie")]
    known = items.state_of(session.id).revision

    make.do(events.CORRECT, captioner, session, line=lines[1]["id"], text="Twee")
    assert texts(session) == ["Een", "Twee", "Drie"]
    assert texts(session, known) == ["Twee"]
    make.do(events.CORRECT, captioner, session, line=lines[0]["id"], text="")

    assert texts(session) == ["Twee", "Drie"]
    assert captions(session, known)[0]["gone"] is True


@pytest.mark.parametrize("whose", ["nobody's", "of another session"])
def test_caption_of_another_session_cannot_be_corrected(make, session, captioner, inside, whose):
    there = make.session("Elders", starts_at=session.starts_at, ends_at=session.ends_at)
    line = str(uuid4())
    if whose == "of another session":
        line = make.do(events.ADD, make.moderator(), there, text="Daar")["line"]["id"]

    answer = make.do(events.CORRECT, captioner, session, line=line, text="Hier")

    assert answer["error"]["code"] == "captions.not_there"
    assert texts(there) == (["Daar"] if whose == "of another session" else [])


def test_after_the_session_captions_can_be_corrected_but_not_added(
    make, session, captioner, monkeypatch, inside
):
    line = make.do(events.ADD, captioner, session, text="Tot zins")["line"]
    later = session.ends_at + timedelta(minutes=1)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: later)

    added = make.do(events.ADD, captioner, session, text="Nog iets")
    mended = make.do(events.CORRECT, captioner, session, line=line["id"], text="Tot ziens")

    assert added["error"]["code"] == "captions.not_now"
    assert mended["ok"]
    assert texts(session) == ["Tot ziens"]


def test_new_client_gets_the_last_captions_and_a_page_has_all(make, session, captioner):
    with make.context():
        for number in range(AT_HAND + 3):
            make.do(events.ADD, captioner, session, text=f"Regel {number} gezegd.")
        assert texts(session) == [f"Regel {number} gezegd." for number in range(3, AT_HAND + 3)]

    room = make.browser().get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    whole = make.browser().get(f"/sessies/{session.slug}/ondertitels").get_data(as_text=True)

    assert "Regel 2 gezegd." not in room
    assert room.count("Regel 3 gezegd.") == 1
    assert room.count(f"Regel {AT_HAND + 2} gezegd.") == 2  # in the strip, and in the list
    assert "Regel 0 gezegd." in whole


def test_without_scripts_a_captioner_types_and_corrects_with_plain_forms(make, session):
    browser = make.browser(make.person("Wessel", roles=[("captioner", session.id)]))
    path = f"/sessies/{session.slug}/ondertitels"

    empty = browser.post(path, data={"op": "operation-1", "text": "  "})
    sent = browser.post(path, data={"op": "operation-2", "text": "Goedemidag."})
    with make.context():
        line = db.session.query(CaptionLine).one()
    mended = browser.post(f"{path}/{line.id}", data={"op": "operation-3", "text": "Goedemiddag."})

    assert empty.status_code == 422
    assert "Schrijf hier eerst iets op." in empty.get_data(as_text=True)
    assert (sent.status_code, mended.status_code) == (303, 303)
    assert 'value="Goedemiddag."' in browser.get(path).get_data(as_text=True)
    assert (
        "<form" not in make.browser().get(path).get_data(as_text=True).split("<main")[1].split("</main>")[0]
    )


def test_captions_arrive_by_polling_without_sockets(make, session):
    browser = make.browser(make.person("Wessel", roles=[("captioner", session.id)]))
    message = {"op": "operation-1", "text": "Via een omweg."}

    done = browser.post(f"/sessies/{session.slug}/live/op", json={"event": "caption:add", "message": message})
    state = make.browser().get(f"/sessies/{session.slug}/live/state").json

    assert done.json["ok"]
    assert [item["text"] for item in state["items"] if item["kind"] == "caption"] == ["Via een omweg."]


# --- for the recording ---


def kept(make, session, *told):
    for position, (seconds, text) in enumerate(told):
        at = session.starts_at + timedelta(seconds=seconds)
        make.store(CaptionLine(session_id=session.id, position=position, text=text, at=at))


def test_vtt_times_start_at_the_session_and_leave_time_to_read(make, session):
    kept(make, session, (-20, "Test, test."), (3, "Kort."), (4, "x" * 200), (30, "Twee"), (30, "tegelijk"))

    answer = make.browser().get(f"/sessies/{session.slug}/ondertitels.vtt")

    assert answer.mimetype == "text/vtt"
    cues = read(answer.get_data(as_text=True))
    assert [round(cue.start, 1) for cue in cues] == [3.0, 4.5, 30.0, 31.5]
    assert [round(cue.end - cue.start, 1) for cue in cues] == [1.5, 7.0, 1.5, 1.5]
    assert all(one.end <= other.start for one, other in pairwise(cues))


@pytest.mark.parametrize("told", [(), ((-20, "Test, test."),)])
def test_session_without_captions_gives_an_empty_vtt(make, session, told):
    kept(make, session, *told)

    answer = make.browser().get(f"/sessies/{session.slug}/ondertitels.vtt")

    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "WEBVTT\n")


def test_markup_in_a_caption_is_escaped(make, session):
    kept(make, session, (1, "<b>Tom & Jerry</b> --> WEBVTT"), (9, "NOTE niets"))

    file = make.browser().get(f"/sessies/{session.slug}/ondertitels.vtt").get_data(as_text=True)

    assert [cue.text for cue in read(file)] == ["<b>Tom & Jerry</b> --> WEBVTT", "NOTE niets"]
    assert file.count("-->") == 2


@pytest.mark.parametrize(
    ("later", "start"), [("30", 35.0), ("-2.5", 2.5), ("nan", 5.0), ("1e9", 5.0), ("x", 5.0)]
)
def test_captions_are_shifted_by_the_offset_of_the_recording(make, session, later, start):
    kept(make, session, (5, "Hallo."))

    file = make.browser().get(f"/sessies/{session.slug}/ondertitels.vtt?later={later}").get_data(as_text=True)

    assert [cue.start for cue in read(file)] == [start]


def test_captions_without_recording_are_deleted_after_a_month(make, session, inside):
    recorded = make.session("Opgenomen", starts_at=session.starts_at, ends_at=session.ends_at)
    make.store(
        StageSource(
            session_id=recorded.id, purpose=Purpose.RECORDING, address="https://stroom.buurt.example/a.mp4",
            captions_from=CaptionsFrom.TYPED,
        )
    )  # fmt: skip
    for each in (session, recorded):
        kept(make, each, (5, "Hallo."))

    with transaction():
        assert captions_without_a_recording.tidy(session.ends_at) == 0
        assert captions_without_a_recording.tidy(session.ends_at + timedelta(days=1)) == 1
        assert captions_without_a_recording.tidy(session.ends_at + timedelta(days=1)) == 0

    assert (texts(session), texts(recorded)) == ([], ["Hallo."])


def test_readers_do_not_see_the_input(make, session):
    reader = make.browser(make.person("Noor")).get(f"/sessies/{session.slug}/live").get_data(as_text=True)
    writer = make.person("Wessel", roles=[("captioner", session.id)])

    assert "Ondertitels typen" not in reader
    assert "Ondertitels typen" in make.browser(writer).get(f"/sessies/{session.slug}/live").get_data(
        as_text=True
    )
    assert Stranger().holds("captioner", session.id) is False
