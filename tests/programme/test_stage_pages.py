"""Stage of a session: settings by organisers, and click to load in the room."""

import io
import re
from datetime import timedelta

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.webvtt import read
from dagvandebuurt.lessons.models import Lesson, LessonSource, LessonStatus, SourceKind
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.stage.models import CaptionsFrom, Purpose, StageSource
from dagvandebuurt.registration.models import PlaceStatus, SessionChoice
from tests import stand_ins
from tests.stand_ins import BBB_SECRET, JITSI_SECRET

YOUTUBE, STREAM = "https://youtu.be/aqz-KE-bpKQ", "https://stroom.buurt.example/zaal.m3u8"
SIGNS = "https://peertube.buurt.example/w/9c9de5e8VdEfQKPoWaTQHv"
VTT = "WEBVTT\n\n00:02.000 --> 00:04.000\nGoedemiddag &amp; welkom\n"


@pytest.fixture(autouse=True)
def _hosts(app):
    app.config.update(
        STAGE_HOSTS={"www.youtube-nocookie.com", "player.vimeo.com", "stroom.buurt.example", "peertube.buurt.example"},
        JITSI_URL="https://meet.buurt.example", JITSI_APP_ID="buurt", JITSI_SECRET=JITSI_SECRET,
    )  # fmt: skip


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Roos", roles=["organiser"]))


@pytest.fixture
def look(make, session):
    """Return the room for a person, as (text, headers)."""

    def get(query="", browser=None, path=None):
        answer = (browser or make.browser()).get(f"{path or f'/sessies/{session.slug}/live'}{query}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True), answer.headers

    return get


def put(make, session, main, *others):
    with make.context():
        db.session.get_one(ProgrammeSession, session.id).stage_url = main
        for position, (purpose, address) in enumerate(others):
            db.session.add(
                StageSource(session_id=session.id, purpose=purpose, address=address, position=position)
            )
        db.session.commit()


def policy(headers):
    return dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))


def test_room_offers_each_option_and_loads_the_requested_one(make, session, look):
    put(make, session, YOUTUBE, (Purpose.SIGN_LANGUAGE, SIGNS), (Purpose.AUDIO_ONLY, STREAM))

    before, main, signs, sound = (
        look(query) for query in ("", "?beeld=1", "?beeld=gebaren", "?beeld=geluid")
    )

    text, headers = before
    assert not re.search(r"youtu\.be|youtube(-nocookie)?\.com", text.lower())
    assert text.count("YouTube") == 2  # whose picture it is, in words: at the button, and at the help
    assert "<iframe" not in text
    assert "<video" not in text
    assert "buurt.example/" not in text.replace("dagvandebuurt.example/", "")
    assert {"Start het beeld", "Met gebarentolk", "Alleen geluid"} <= set(
        re.findall(r"</svg>([^<]+)</a>", text)
    )
    assert policy(headers)["frame-src"] == "'none'"
    assert policy(headers)["media-src"] == "'self'"
    assert 'src="https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?rel=0"' in main[0]
    assert policy(main[1])["frame-src"] == "https://www.youtube-nocookie.com"
    assert policy(main[1])["media-src"] == "'self'"
    assert policy(signs[1])["frame-src"] == "https://peertube.buurt.example"
    assert f'src="{STREAM}"' in sound[0]
    assert policy(sound[1])["media-src"] == "'self' blob: https://stroom.buurt.example"
    assert policy(sound[1])["connect-src"].endswith(" https://stroom.buurt.example")
    assert policy(sound[1])["frame-src"] == "'none'"
    assert "worker-src" not in policy(sound[1])
    for text, _headers in (main, signs, sound):
        assert "Start het beeld" not in text
    assert "Beeld en geluid" in signs[0]  # the way back


@pytest.mark.parametrize("query", ["?beeld=2", "?beeld=gebaren", "?beeld=https://evil.example", "?beeld="])
def test_unknown_stage_option_is_refused(make, session, look, query):
    put(make, session, YOUTUBE)

    text, headers = look(query)

    assert "<iframe" not in text
    assert policy(headers)["frame-src"] == "'none'"


def test_page_explains_what_to_do_without_video_also_without_scripts(make, session, look):
    make_phone = "000 - 000 00 00"
    put(make, session, YOUTUBE, (Purpose.AUDIO_ONLY, STREAM))

    text, _headers = look("?beeld=1")
    told = text.split('id="hulp-bij-beeld"')[1].split("</details>")[0]

    assert "alleen geluid" in told
    assert f'href="tel:0000000000">{make_phone}' in told
    assert (
        "hulp-bij-beeld"
        not in look(
            path=f"/sessies/{make.session('Zonder beeld', starts_at=session.starts_at, ends_at=session.ends_at).slug}/live"
        )[0]
    )


def test_jitsi_room_gets_a_token_on_click_and_camera_permission(make, session, look):
    put(make, session, "https://meet.buurt.example/Zaal")
    before, after = look(), look("?beeld=1", make.browser(make.person("Noor")))

    assert "jwt=" not in before[0]
    assert "camera=(self), microphone=(self)" in before[1]["Permissions-Policy"]
    assert "jwt=" in after[0]
    assert 'camera=(self "https://meet.buurt.example")' in after[1]["Permissions-Policy"]
    assert JITSI_SECRET not in after[0]


# --- meetings ---


@pytest.fixture
def meetings(app):
    with stand_ins.bbb() as server:
        app.config.update(BBB_URL=server.url, BBB_SECRET=BBB_SECRET)
        yield server


def test_meeting_is_opened_by_its_moderator_joined_and_ended(make, session, meetings, look):
    put(make, session, "bbb:zaal")
    jolien = make.browser(make.person("Jolien", roles=[("moderator", session.id)]))
    noor = make.browser(make.person("Noor"))
    join, end = (f"/sessies/{session.slug}/beeld/{deed}" for deed in ("meedoen", "sluiten"))

    text, headers = look(browser=noor)
    early = noor.post(join)
    opened, joined, stranger = jolien.post(join), noor.post(join), make.browser().post(join)

    assert policy(headers)["form-action"] == f"'self' {meetings.url.removesuffix('/bigbluebutton')}"
    assert BBB_SECRET not in text + early.get_data(as_text=True) + opened.get_data(as_text=True)
    assert "hulp=1" in early.headers["Location"]
    assert "role=MODERATOR" in opened.headers["Location"]
    assert "create" in meetings.asked
    # Nobody came in yet: for the server the meeting does not go on.
    assert "hulp=1" in joined.headers["Location"]
    next(iter(meetings.meetings.values()))["in"] = 1
    joined, stranger = noor.post(join), make.browser().post(join)
    assert "fullName=Noor" in joined.headers["Location"]
    assert "role=VIEWER" in joined.headers["Location"]
    assert "fullName=Gast" in stranger.headers["Location"]
    assert noor.post(end).status_code == 403
    assert len(meetings.meetings) == 1
    assert jolien.post(end).status_code == 303
    assert meetings.meetings == {}


def test_unreachable_meeting_redirects_to_alternatives(make, session, meetings, look):
    put(make, session, "bbb:zaal", (Purpose.AUDIO_ONLY, STREAM))
    meetings.is_away = True
    jolien = make.browser(make.person("Jolien", roles=["moderator"]))

    answer = jolien.post(f"/sessies/{session.slug}/beeld/meedoen")
    text, _headers = look("?hulp=1", jolien)

    assert answer.headers["Location"].endswith("/live?hulp=1#hulp-bij-beeld")
    assert "We krijgen de vergadering nu niet te pakken." in text
    assert re.search(r'id="hulp-bij-beeld"[^>]* open', text)


def test_session_without_meeting_has_no_join_route(make, session, meetings):
    put(make, session, YOUTUBE)

    for deed in ("meedoen", "sluiten"):
        assert (
            make.browser(make.person(roles=["moderator"]))
            .post(f"/sessies/{session.slug}/beeld/{deed}")
            .status_code
            == 404
        )
    assert meetings.asked == []


# --- before and after ---


def test_lobby_has_sound_test_picture_and_moderator(make, now, look):
    soon = make.session(
        starts_at=now + timedelta(minutes=9), ends_at=now + timedelta(hours=1), stage_url=YOUTUBE
    )

    text, headers = look(path=f"/sessies/{soon.slug}/live")

    assert "Hoor je dit?" in text
    assert "Zie je dit?" in text
    assert re.search(r'<audio[^>]* controls[^>]* src="/static/[^"]+/sound/klok.wav"', text)
    assert policy(headers)["media-src"] == "'self'"
    sound = make.browser().get(re.search(r'src="(/static/[^"]+/klok.wav)"', text)[1])
    assert sound.data[:4] == b"RIFF"
    sound.close()
    assert "Hoor je dit?" not in look()[0]  # it goes on: nobody tries sound any more


def test_room_after_the_end_shows_next_sessions_and_wrap_up(make, session, now, look, monkeypatch):
    chosen = make.session(
        "Die ik koos",
        round=None,
        starts_at=session.ends_at + timedelta(hours=1),
        ends_at=session.ends_at + timedelta(hours=2),
    )
    lesson = make.store(
        Lesson(
            edition_id=session.edition_id, slug="les", title="Wat we leerden", lead="Kort.", in_short=["Eén."], status=LessonStatus.PUBLISHED,
            published_at=now, changed_at=now, sources=[LessonSource(position=0, kind=SourceKind.SESSION, target_id=session.id)],
        )
    )  # fmt: skip
    with make.context():
        next_up = ProgrammeSession(
            **{c.name: getattr(session, c.name) for c in ProgrammeSession.__table__.columns if c.name not in ("id", "slug", "title", "starts_at", "ends_at", "sequence")},
            slug="hierna", title="Voor iedereen hierna", starts_at=session.ends_at, ends_at=session.ends_at + timedelta(hours=1),
        )  # fmt: skip
        db.session.add(next_up)
        db.session.commit()
    noor = make.person("Noor")
    make.store(
        SessionChoice(
            person_id=noor.id,
            session_id=chosen.id,
            status=PlaceStatus.CONFIRMED,
            chosen_at=now,
            lined_up_at=now,
        )
    )
    put(make, session, YOUTUBE, (Purpose.RECORDING, STREAM))
    hidden = re.search(r'<section class="afterwards"[^>]*>', look()[0])[0]
    assert hidden.endswith('data-in-phase="ended" hidden>')  # until the page itself sees that it is over
    over = session.ends_at + timedelta(minutes=1)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: over)

    (anybody, headers), (mine, _) = look(), look(browser=make.browser(noor))

    assert hidden.replace(" hidden>", ">") in anybody
    assert "Voor iedereen hierna" in anybody
    assert "Die ik koos" in mine
    assert "Voor iedereen hierna" not in mine
    assert f'/lessen/{lesson.slug}"' in anybody
    assert f"/sessies/{session.slug}#opnames" in anybody
    assert "Start het beeld" not in anybody
    assert policy(headers)["frame-src"] == "'none'"


# --- for organisers ---


def test_organiser_sets_stage_addresses_and_reads_how_each_is_shown(make, session, organiser):
    path = f"/organisatie/sessies/{session.slug}/beeld"

    kept = organiser.post(
        path, data={"main": YOUTUBE, "sign_language": SIGNS, "audio_only": "https://elders.example/radio"}
    )
    text = organiser.get(path).get_data(as_text=True)

    assert kept.status_code == 303
    for sentence in (
        "YouTube, pas na een klik",
        "PeerTube van peertube.buurt.example",
        "elders.example staat niet bij de videosites",
    ):
        assert sentence in text
    organiser.post(path, data={"main": "", "sign_language": STREAM, "audio_only": ""})
    with make.context():
        now = db.session.get_one(ProgrammeSession, session.id)
        assert now.stage_url is None
        assert [(source.purpose, source.address) for source in now.sources] == [
            (Purpose.SIGN_LANGUAGE, STREAM)
        ]


def test_invalid_address_stays_in_the_form_with_the_reason(make, session, organiser):
    answer = organiser.post(
        f"/organisatie/sessies/{session.slug}/beeld",
        data={"main": "http://elders.example", "audio_only": STREAM},
    )

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Dit is geen adres." in text
    assert 'value="http://elders.example"' in text
    assert f'value="{STREAM}"' in text


def test_recording_with_uploaded_captions_plays_on_the_session_page(make, session, organiser, look):
    path = f"/organisatie/sessies/{session.slug}/beeld"
    organiser.post(
        f"{path}/opnames",
        data={
            "address": "https://stroom.buurt.example/opname.mp4", "label": "De hele middag", "captions_from": "file",
            "file": (io.BytesIO(VTT.encode()), "a.vtt"), "offset": "30",
        },
    )  # fmt: skip
    before, headers = look(path=f"/sessies/{session.slug}")
    [source] = re.findall(r"opname=([0-9a-f-]{36})", before)
    after, opened = look(f"?opname={source}", path=f"/sessies/{session.slug}")
    track = re.search(r'<track kind="captions" src="([^"]+)"', after)[1]

    assert "<video" not in before
    assert policy(headers)["media-src"] == "'self'"
    assert policy(opened)["media-src"] == "'self' https://stroom.buurt.example"
    assert [(cue.start, cue.text) for cue in read(make.browser().get(track).get_data(as_text=True))] == [
        (32.0, "Goedemiddag & welkom")
    ]
    assert "Goedemiddag &amp; welkom" in after

    # … other captions, and then it goes.
    one = f"{path}/opnames/{source}"
    assert "Er is een bestand met ondertitels." in organiser.get(one).get_data(as_text=True)
    assert (
        organiser.post(one, data={"captions_from": "file", "offset": "0"}).status_code == 303
    )  # the file stays
    assert [cue.start for cue in read(make.browser().get(track).get_data(as_text=True))] == [2.0]
    assert organiser.post(one, data={"captions_from": "typed", "offset": "-4,5"}).status_code == 422
    assert organiser.post(one, data={"captions_from": "typed", "offset": "-4.5"}).status_code == 303
    assert f"/sessies/{session.slug}/ondertitels.vtt?later=-4.5" in look(path=f"/sessies/{session.slug}")[0]
    assert make.browser().get(track).status_code == 404
    assert organiser.post(f"{one}/weg").status_code == 303
    assert "Kijk terug" not in look(path=f"/sessies/{session.slug}")[0]
    assert organiser.get(one).status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"captions_from": "file", "pasted": "1\n00:01 hallo"}, "Dit is geen WebVTT."),
        (
            {"captions_from": "file", "pasted": "WEBVTT\n\nNOTE niets"},
            "In dit bestand staan geen ondertitels.",
        ),
        ({"captions_from": "file"}, "Kies een bestand, of plak de tekst."),
        ({"captions_from": "typed", "offset": "veel"}, "offset"),
        ({"captions_from": "elders"}, "captions_from"),
        ({"address": ""}, "Vul een adres in."),
    ],
)
def test_invalid_recording_is_not_stored(make, session, organiser, typed, told):
    data = {"address": STREAM, "captions_from": "nowhere"} | typed

    answer = organiser.post(f"/organisatie/sessies/{session.slug}/beeld/opnames", data=data)

    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    with make.context():
        assert db.session.query(StageSource).count() == 0


def test_recording_of_another_session_is_not_found(make, session, organiser):
    there = make.session("Elders", starts_at=session.starts_at, ends_at=session.ends_at)
    source = make.store(
        StageSource(
            session_id=there.id,
            purpose=Purpose.RECORDING,
            address=STREAM,
            captions_from=CaptionsFrom.FILE,
            captions=VTT,
        )
    )

    assert make.browser().get(f"/sessies/{there.slug}/opnames/{source.id}.vtt").status_code == 200
    assert make.browser().get(f"/sessies/{session.slug}/opnames/{source.id}.vtt").status_code == 404
    for path in ("", "/weg"):
        data = {"captions_from": "nowhere"}
        assert (
            organiser.post(
                f"/organisatie/sessies/{session.slug}/beeld/opnames/{source.id}{path}", data=data
            ).status_code
            == 404
        )
