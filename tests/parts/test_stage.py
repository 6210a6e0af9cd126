"""Video providers: each shows what it should, unknown addresses are refused, and the server itself calls
only its BigBlueButton."""

import itertools
import re
import socket
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from config import Contradiction, settings
from dagvandebuurt.core import clock, webvtt
from dagvandebuurt.parts.stage import demo_film, shown_by
from dagvandebuurt.parts.stage.bbb import BigBlueButton, MeetingAway, MeetingNotBegun
from dagvandebuurt.parts.stage.protocol import Frame, Link, Meeting, Nothing, Room, Video, Viewer
from tests import stand_ins
from tests.conftest import TEST_KEY
from tests.stand_ins import BBB_SECRET, JITSI_SECRET, read_token
from tools.demo_video import SAID

ROOT = Path(__file__).resolve().parents[2]
HOSTS = "www.youtube-nocookie.com, player.vimeo.com, peertube.buurt.example, stroom.buurt.example"
MEETINGS = {
    "JITSI_URL": "https://meet.buurt.example", "JITSI_APP_ID": "buurt", "JITSI_SECRET": JITSI_SECRET,
    "BBB_URL": "https://bbb.buurt.example/bigbluebutton", "BBB_SECRET": BBB_SECRET,
}  # fmt: skip
ROOM = Room(
    "6b9d5ef9-015f-46d9-8b82-0cbb9b3016f0", "Samen groen & veilig", "https://dag.example/sessies/groen/live"
)
NOOR, HOST = Viewer("Noor", "key-of-noor", False), Viewer("Jolien", "key-of-jolien", True)
SHORT = "9c9de5e8VdEfQKPoWaTQHv"


def house(**environ):
    return settings({"SECRET_KEY": TEST_KEY, "STAGE_HOSTS": HOSTS, **MEETINGS, **environ})


def shown(address, viewer=NOOR, **environ):
    return shown_by(house(**environ), address, ROOM, viewer)


@pytest.mark.parametrize(
    ("address", "provider", "src"),
    [
        *(
            (address, "youtube", "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?rel=0")
            for address in (
                "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
                "https://youtube.com/watch?v=aqz-KE-bpKQ&t=31s",
                "https://m.youtube.com/watch?app=desktop&v=aqz-KE-bpKQ",
                "https://youtu.be/aqz-KE-bpKQ?si=volgcode",
                "https://www.youtube.com/live/aqz-KE-bpKQ",
                "https://www.youtube.com/embed/aqz-KE-bpKQ",
                "HTTPS://WWW.YouTube-NoCookie.com/embed/aqz-KE-bpKQ",
            )
        ),
        ("https://vimeo.com/76979871", "vimeo", "https://player.vimeo.com/video/76979871?dnt=1"),
        ("https://vimeo.com/76979871/8272103f6e", "vimeo", "https://player.vimeo.com/video/76979871?dnt=1&h=8272103f6e"),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e", "vimeo", "https://player.vimeo.com/video/76979871?dnt=1&h=8272103f6e"),
        *(
            (f"https://peertube.buurt.example{path}", "peertube", f"https://peertube.buurt.example/videos/embed/{SHORT}?p2p=0&warningTitle=0")
            for path in (f"/w/{SHORT}", f"/videos/watch/{SHORT}", f"/videos/embed/{SHORT}")
        ),
        ("https://stroom.buurt.example/kanaal/7", "page", "https://stroom.buurt.example/kanaal/7"),
    ],
)  # fmt: skip
def test_a_video_is_shown_by_the_page_its_maker_embeds_without_following(address, provider, src):
    assert shown(address) == (provider, Frame(src, "https://" + urlsplit(src).netloc))


def test_a_stream_and_a_file_are_played_by_the_browser_itself():
    stream, file = "https://stroom.buurt.example/zaal/a.m3u8?k=1", "https://stroom.buurt.example/opname.MP4"

    assert shown(stream) == ("hls", Video(stream, "https://stroom.buurt.example", is_stream=True))
    assert shown(file) == ("file", Video(file, "https://stroom.buurt.example", is_stream=False))


def test_addresses_of_unknown_hosts_become_links():
    for address in ("https://elders.example/zaal", "https://meet.buurt.example.evil.example/Zaal"):
        assert shown(address) == ("link", Link(address))
    assert shown("https://youtu.be/aqz-KE-bpKQ", STAGE_HOSTS="player.vimeo.com")[0] == "link"
    assert (
        shown("https://meet.buurt.example/Zaal", JITSI_URL="", JITSI_APP_ID="", JITSI_SECRET="")[0] == "link"
    )


NAMED = "peertube.buurt.example"
HOSTILE = [
    f"https://{NAMED}.evil.example/w/{SHORT}", f"https://{NAMED}@evil.example/w/{SHORT}", f"https://x:y@{NAMED}/w/{SHORT}",
    f"https://evil.example#{NAMED}", f"https://evil.example/?{NAMED}", f"https://sub.{NAMED}/w/{SHORT}", f"https://{NAMED}:8443/w/{SHORT}",
    f"https://{NAMED}:443/w/{SHORT}", f"https://{NAMED}./w/{SHORT}", f"http://{NAMED}/w/{SHORT}", f"//{NAMED}/w/{SHORT}", f"ftp://{NAMED}/a.m3u8",
    f"https:/{NAMED}/w/{SHORT}", f"https:{NAMED}/w/{SHORT}", f"https:\\\\{NAMED}/w/{SHORT}", f"https://{NAMED}\\@evil.example",
    f"https://{NAMED}%2f@evil.example", f"https://{NAMED}%00.evil.example", f"https://{NAMED}\t.evil.example", f"https://{NAMED}\n/w/{SHORT}",
    f" https://{NAMED}/w/{SHORT}", f"https://{NAMED} /w/{SHORT}", f"https://evil.example\x00{NAMED}/",
    "https://2130706433/a.m3u8", "https://0x7f000001/a.m3u8", "https://017700000001/a.m3u8", "https://127.0.0.1/a.m3u8", "https://127.1/a.m3u8",
    "https://0/a.m3u8", "https://[::1]/a.m3u8", "https://[::ffff:127.0.0.1]/a.m3u8", "https://[peertube.buurt.example]/a", "https://localhost/a.m3u8",
    "https://169.254.169.254/latest/meta-data", "https://peertube。buurt。example/w/1", "https://ｐeertube.buurt.example/w/1", "https://peertube.buurt.exаmple/w/1",
    "javascript:alert(1)//peertube.buurt.example", f"data:text/html,https://{NAMED}/", f"blob:https://{NAMED}/1", f"view-source:https://{NAMED}/",
    "https://", "https://" + "a" * 300 + ".example/", f'https://{NAMED}/"><script>', "bbb:../../x", "bbb:ZAAL", "bbb:a&checksum=b",
]  # fmt: skip


@pytest.mark.parametrize("address", HOSTILE)
def test_j8_a_hostile_address_never_becomes_a_frame_a_video_or_a_meeting(address, monkeypatch):
    def called(*_, **__):
        raise AssertionError("the house called somebody")

    monkeypatch.setattr(socket, "getaddrinfo", called)
    monkeypatch.setattr(socket.socket, "connect", called)

    provider, found = shown(address)

    assert isinstance(found, Nothing | Link)
    if isinstance(found, Link):
        assert provider == "link"
        host = urlsplit(found.href).hostname
        assert found.href.startswith("https://")
        assert host not in HOSTS.replace(" ", "").split(",")
        assert urlsplit(found.href).netloc == host


def test_there_are_more_than_forty_hostile_addresses():
    assert len(set(HOSTILE)) >= 40


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ%22onload", "https://www.youtube.com/redirect?q=https://evil.example",
        "https://www.youtube.com/embed/../../evil", "https://vimeo.com/ondemand/iets", "https://vimeo.com/76979871/%3Cscript%3E",
    ],
)  # fmt: skip
def test_a_page_of_a_video_site_that_is_no_video_is_not_embedded(address):
    assert shown(address)[0] in ("link", "nothing")


# --- Jitsi ---


@pytest.mark.parametrize(("viewer", "affiliation"), [(NOOR, "member"), (HOST, "owner")])
def test_jitsi_tokens_admit_viewers_and_name_the_moderator(viewer, affiliation):
    provider, frame = shown("https://meet.buurt.example/DeZaal", viewer)

    claims = read_token(parse_qs(urlsplit(frame.src).query)["jwt"][0])
    assert (provider, frame.origin, frame.devices) == ("jitsi", "https://meet.buurt.example", True)
    assert claims["context"]["user"]["affiliation"] == affiliation
    assert claims["context"]["user"]["id"] == viewer.key
    assert (claims["room"], claims["moderator"]) == ("dezaal", viewer.runs)
    assert JITSI_SECRET not in frame.src


def test_jitsi_tokens_expire_and_need_the_secret(monkeypatch):
    frame = shown("https://meet.buurt.example/Zaal")[1]
    token = parse_qs(urlsplit(frame.src).query)["jwt"][0]
    long_ago = clock.now() - timedelta(minutes=11)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: long_ago)
    old = shown("https://meet.buurt.example/Zaal")[1]

    assert read_token(token) is not None
    assert read_token(parse_qs(urlsplit(old.src).query)["jwt"][0]) is None
    other = shown("https://meet.buurt.example/Zaal", JITSI_SECRET="x" * 40)[1]
    assert read_token(parse_qs(urlsplit(other.src).query)["jwt"][0]) is None


@pytest.mark.parametrize("room", ["", "een/twee", "%2e%2e", "..", "zaal%20een", "config.js"])
def test_only_a_name_of_a_room_gets_a_token(room):
    provider, _found = shown(f"https://meet.buurt.example/{room}")

    assert provider != "jitsi"


# --- BigBlueButton ---


@pytest.fixture
def meetings():
    with stand_ins.bbb() as server:
        yield server


def _open(url):
    from urllib.request import urlopen

    with urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def test_hosts_open_the_meeting_and_others_join_while_it_runs(meetings):
    bbb = BigBlueButton(meetings.url, BBB_SECRET)
    with pytest.raises(MeetingNotBegun):
        bbb.way_in("zaal", ROOM, NOOR)

    opened = _open(bbb.way_in("zaal", ROOM, HOST))
    joined = _open(bbb.way_in("zaal", ROOM, NOOR))
    again = _open(bbb.way_in("zaal", ROOM, HOST))  # pressed twice: the same meeting

    assert "Jolien is MODERATOR in Samen groen &amp; veilig" in opened
    assert "Noor is VIEWER" in joined
    assert "MODERATOR" in again
    assert len(meetings.meetings) == 1
    assert bbb.is_running("zaal", ROOM)
    bbb.end("zaal", ROOM)
    assert not bbb.is_running("zaal", ROOM)
    bbb.end("zaal", ROOM)  # nothing to end any more, and no error
    with pytest.raises(MeetingNotBegun):
        bbb.way_in("zaal", ROOM, NOOR)


def test_a_viewer_cannot_make_themselves_a_moderator(meetings):
    bbb = BigBlueButton(meetings.url, BBB_SECRET)
    _open(bbb.way_in("zaal", ROOM, HOST))

    mine = bbb.way_in("zaal", ROOM, NOOR)

    assert "checksumError" in _open(mine.replace("role=VIEWER", "role=MODERATOR"))


@pytest.mark.parametrize("trouble", ["away", "wrong secret", "nobody there"])
def test_an_unavailable_meeting_server_is_reported_quickly(meetings, trouble, caplog):
    meetings.is_away = trouble == "away"
    url = "http://127.0.0.1:9/bigbluebutton" if trouble == "nobody there" else meetings.url
    secret = "wrong" if trouble == "wrong secret" else BBB_SECRET

    with pytest.raises(MeetingAway) as told:
        BigBlueButton(url, secret).way_in("zaal", ROOM, HOST)

    assert "checksum" not in str(told.value.message) + caplog.text
    assert told.value.__cause__ is None


def test_xxe_and_redirecting_responses_are_rejected(meetings, monkeypatch):
    entity = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><response><returncode>&x;</returncode></response>'
    monkeypatch.setattr(stand_ins.Bbb, "create", lambda self, _: self.say(entity, "text/xml"))
    with pytest.raises(MeetingAway):
        BigBlueButton(meetings.url, BBB_SECRET).way_in("zaal", ROOM, HOST)

    def redirect(self, _):
        self.send_response(302)
        self.send_header("Location", f"{meetings.url}/api/elders")
        self.end_headers()

    monkeypatch.setattr(stand_ins.Bbb, "create", redirect)
    with pytest.raises(MeetingAway):
        BigBlueButton(meetings.url, BBB_SECRET).way_in("zaal", ROOM, HOST)
    assert "elders" not in meetings.asked


def test_a_meeting_needs_a_server_in_the_settings():
    assert shown("bbb:zaal") == ("bbb", Meeting("https://bbb.buurt.example"))
    assert shown("bbb:zaal", BBB_URL="", BBB_SECRET="") == ("nothing", Nothing())


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"BBB_SECRET": ""}, "BigBlueButton needs all of BBB_URL, BBB_SECRET"),
        ({"JITSI_APP_ID": ""}, "Jitsi needs all of"),
        ({"BBB_URL": "http://bbb.buurt.example/bigbluebutton"}, "BBB_URL must begin with https://"),
        ({"JITSI_URL": "http://meet.buurt.example"}, "JITSI_URL must begin with https://"),
        ({"JITSI_SECRET": "short"}, "JITSI_SECRET is too short"),
    ],
)
def test_contradictory_settings_do_not_start(environ, told):
    assert house()
    with pytest.raises(Contradiction, match=told):
        house(**environ)


def test_the_film_of_the_demo_is_of_this_site_and_shown_in_the_demo_only(app):
    with app.test_request_context():
        provider, film = shown(demo_film.ADDRESS, DVB_DEMO="1")
        other, _shown = shown("https://film.dagvandebuurt.example/elders", DVB_DEMO="1")
        outside, link = shown(demo_film.ADDRESS)

    assert (provider, film.is_own, film.origin) == ("demo", True, "")
    paths = [path.split("/", 3)[3] for path in (film.src, film.captions, film.poster)]
    assert all((ROOT / "static" / path).exists() for path in paths), paths
    assert (other, outside, link) == ("link", "link", Link(demo_film.ADDRESS))


def test_the_film_of_the_demo_is_small_and_its_captions_are_whole():
    film = (ROOT / "static" / "video" / "demo.mp4").stat().st_size
    cues = webvtt.read((ROOT / "static" / "video" / "demo.vtt").read_text(encoding="utf-8"))

    assert film < 3_000_000
    assert [cue.text for cue in cues] == [text for _speaker, text in SAID]
    assert all(first.end <= then.start for first, then in itertools.pairwise(cues))
    assert 90 < cues[-1].end < 150


def test_a_film_of_this_site_plays_without_a_click_while_its_session_is_live(app, make, now):
    app.config["DEMO"] = True
    live = make.session(
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(minutes=5), stage_url=demo_film.ADDRESS
    )
    lobby = make.session(
        starts_at=now + timedelta(minutes=5), ends_at=now + timedelta(minutes=50), stage_url=demo_film.ADDRESS
    )

    page = make.browser().get(f"/sessies/{live.slug}/live")
    before = make.browser().get(f"/sessies/{lobby.slug}/live")

    [video] = re.findall(r"<video.*?</video>", page.text, re.DOTALL)
    assert "autoplay" not in video
    assert '<track kind="captions"' in video
    assert "andere website" not in page.text
    assert "media-src 'self';" in page.headers["Content-Security-Policy"]
    assert "<video" not in before.text
    assert "beginnen we" in before.text
