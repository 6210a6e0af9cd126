"""Video providers in a browser, against stand-ins for their protocol: click to load, fallbacks; and captions."""

import re

import pytest

from tests import stand_ins
from tests.browser.pages import sticks_out, violations, wrong_markup
from tests.browser.test_hour import enter
from tests.browser.test_walk import Person
from tests.served import serve
from tests.stand_ins import BBB_SECRET, JITSI_SECRET

pytestmark = pytest.mark.browser
ROOM, SHORT = "/sessies/wie-belt-wie", "9c9de5e8VdEfQKPoWaTQHv"
PHONE, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
HOSTS = "www.youtube-nocookie.com, player.vimeo.com, peertube.buurt.example, stroom.buurt.example, weg.buurt.example"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    with stand_ins.elsewhere(tmp_path_factory.mktemp("elsewhere")) as server:
        yield server


@pytest.fixture(scope="module")
def meetings():
    with stand_ins.bbb() as server:
        yield server


@pytest.fixture(scope="module")
def stage_house(tmp_path_factory, elsewhere, meetings):
    jitsi = {"JITSI_URL": "https://meet.buurt.example", "JITSI_APP_ID": "buurt", "JITSI_SECRET": JITSI_SECRET}
    bbb = {"BBB_URL": meetings.url, "BBB_SECRET": BBB_SECRET}
    with serve(tmp_path_factory.mktemp("stage"), demo=True, STAGE_HOSTS=HOSTS, **jitsi, **bbb) as house:
        yield house


@pytest.fixture(scope="module")
def sent_there(browser_type, browser_type_launch_args, elsewhere):
    """Start a browser that resolves those hosts to the stand-in."""
    args = [
        *browser_type_launch_args["args"],
        f"--host-resolver-rules={elsewhere.rules}",
        "--ignore-certificate-errors",
    ]
    browser = browser_type.launch(**browser_type_launch_args | {"args": args})
    yield browser
    browser.close()


@pytest.fixture
def people(sent_there, stage_house, tmp_path):
    """Create logged-in people, each with a browser."""

    def get(name=None, **how):
        person = Person(sent_there, stage_house, tmp_path, **how)
        if name:
            person.demo_login(name)
        return person

    return get


def put(organiser, main="", sign_language="", audio_only="", where=ROOM):
    """Set where a session is shown, as an organiser does."""
    page = organiser.go(f"/organisatie{where}/beeld")
    for name, address in (("main", main), ("sign_language", sign_language), ("audio_only", audio_only)):
        page.locator(f"[name={name}]").fill(address)
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_text("Bewaard. Wie de zaal nu opent, ziet het zo.").first.wait_for()
    return page


def plays(person, choice=None, path=f"{ROOM}/live"):
    """Select an option in the room; return its frame."""
    page = person.go(path)
    page.get_by_role("link", name=choice or "Start het beeld", exact=True).click()
    return page.frame_locator(".stage__frame")


def moving(page):
    """Wait until a video plays, served by this machine."""
    page.wait_for_function(
        "() => { const video = document.querySelector('[data-stage-video]'); return video && video.currentTime > 0.2; }",
        timeout=15_000,
    )


def test_embeds_load_only_after_a_click_for_every_provider(people, elsewhere, tmp_path):
    roos, noor = people("Roos Wildervank", viewport=PHONE), people("Mila Roovers", viewport=PHONE)
    page = put(
        roos,
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
        f"https://peertube.buurt.example/w/{SHORT}",
        "https://stroom.buurt.example/zaal.m3u8",
    )
    assert page.get_by_text("YouTube, pas na een klik").count() == 1
    assert (violations(page), sticks_out(page)) == ([], 0)
    roos.check("stage-desk")

    elsewhere.asked.clear()
    room = enter(noor, "live")
    assert elsewhere.asked == []
    assert (violations(room), sticks_out(room)) == ([], 0)
    noor.check("stage-room")
    room.get_by_label("Schrijf hier je vraag, idee of signaal").fill("Wie neemt er op?")
    room.get_by_role("link", name="Start het beeld").click()
    room.frame_locator(".stage__frame").get_by_text("YouTube speelt aqz-KE-bpKQ").wait_for()
    assert {host for host, *_ in elsewhere.asked} == {"www.youtube-nocookie.com"}
    framed = next(headers for _, path, headers in elsewhere.asked if path.startswith("/embed"))
    assert framed["Referer"].removesuffix("/") == noor.house.url  # which site, and not which page
    assert "Cookie" not in framed
    assert room.get_by_label("Schrijf hier je vraag, idee of signaal").input_value() == "Wie neemt er op?"
    assert room.locator("[data-stage-help]").get_attribute("open") is None

    # By keyboard to the interpreter, and to the sound alone: a real stream, played by the browser itself.
    room.get_by_role("link", name="Met gebarentolk").press("Enter")
    room.frame_locator(".stage__frame").get_by_text(f"PeerTube speelt {SHORT}").wait_for()
    room.get_by_role("link", name="Alleen geluid").press("Enter")
    moving(room)
    assert sticks_out(room) == 0
    noor.check("stage-plays")

    # Where a browser cannot play a stream, our copy of hls.js does; before that nobody loads it.
    old = people(viewport=WIDE)
    old.page.add_init_script("HTMLMediaElement.prototype.canPlayType = () => ''")
    loaded = []
    old.page.on("request", lambda request: loaded.append(request.url))
    old.go(f"{ROOM}/live")
    assert not [url for url in loaded if "hls" in url]
    old.page.get_by_role("link", name="Alleen geluid").click()
    moving(old.page)
    assert old.page.locator("[data-played='hls.js']").count() == 1
    assert [url for url in loaded if "hls.light" in url]

    # Vimeo, and Jitsi with a token for each of them.
    put(roos, "https://vimeo.com/76979871", "https://meet.buurt.example/DeZaal")
    plays(noor).get_by_text("Vimeo speelt 76979871").wait_for()
    plays(noor, "Met gebarentolk").get_by_text("Jitsi: Mila Roovers is member").wait_for()
    host = people("Jolien Verkaik", viewport=WIDE)
    plays(host, "Met gebarentolk").get_by_text("Jitsi: Jolien Verkaik is owner").wait_for()

    assert wrong_markup(sorted(tmp_path.glob("*.html"))) == []
    for person in (roos, noor, host, old):
        assert person.complaints == []


def test_failing_video_offers_alternatives_and_a_phone_number(people):
    roos, noor = people("Roos Wildervank", viewport=WIDE), people("Mila Roovers", viewport=PHONE)
    where = "/sessies/rommel-op-straat"
    put(
        roos,
        "https://weg.buurt.example/kanaal",
        audio_only="https://stroom.buurt.example/niets.m3u8",
        where=where,
    )

    for choice in (None, "Alleen geluid"):
        plays(noor, choice, f"{where}/live")
        noor.page.get_by_text("Het beeld komt niet binnen.").first.wait_for()
        told = noor.page.locator("[data-stage-help]")
        assert told.get_attribute("open") is not None
        assert told.get_by_role("link", name="000 - 000 00 00").is_visible()
        assert (violations(noor.page), sticks_out(noor.page)) == ([], 0)

    # Without scripts the same stands there, to unfold.
    plain = people(viewport=PHONE, java_script_enabled=False)
    plays(plain, None, f"{where}/live")
    plain.page.locator("summary").filter(has_text="Zie of hoor je niets?").click()
    assert plain.page.locator("[data-stage-help]").get_by_role("link", name="000 - 000 00 00").is_visible()
    put(roos, "https://youtu.be/aqz-KE-bpKQ", where=where)
    plays(plain, None, f"{where}/live").get_by_text("YouTube speelt").wait_for()


def test_bigbluebutton_meeting_is_opened_joined_and_closed(people, meetings):
    roos, jolien, noor = (
        people(name, viewport=WIDE) for name in ("Roos Wildervank", "Jolien Verkaik", "Mila Roovers")
    )
    where = "/sessies/een-buurthuis-in-eigen-hand"
    put(roos, "bbb:zaal", where=where)

    page = noor.go(f"{where}/live")
    assert "Mila Roovers" in page.locator(".stage__aside").inner_text()
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Ga naar de vergadering").click()
    popup.value.get_by_text("De vergadering is nog niet begonnen").first.wait_for()
    assert popup.value.locator("[data-stage-help]").get_attribute("open") is not None
    desk = jolien.go(f"{where}/live")
    for person, role in ((jolien, "MODERATOR"), (noor, "VIEWER")):
        with person.page.expect_popup() as popup:
            person.page.get_by_role("button", name="Ga naar de vergadering").click()
        popup.value.get_by_text(re.compile(f"BigBlueButton: .* is {role} in")).wait_for()
    desk.get_by_role("button", name="Sluit de vergadering voor iedereen").click()
    desk.get_by_text("De vergadering is gesloten.").first.wait_for()
    assert meetings.meetings == {}
    assert (violations(desk), sticks_out(desk)) == ([], 0)


CUES = """async (src) => {
  const video = document.createElement("video");
  const track = Object.assign(document.createElement("track"), { kind: "captions", src });
  document.body.append(video);
  video.append(track);
  track.track.mode = "hidden";
  await new Promise((done, failed) => { track.onload = done; track.onerror = failed; });
  return [...track.track.cues].map((cue) => [cue.startTime, cue.endTime, cue.getCueAsHTML().textContent]);
}"""


def test_captions_reach_the_hall_and_are_stored_for_the_recording(people, stage_house, tmp_path):
    wessel, noor = people("Wessel Ooievaar", viewport=WIDE), people(viewport=PHONE)
    desk = wessel.go(f"{ROOM}/ondertitels")
    desk.locator("[data-script=ready]").wait_for()
    room = enter(noor, "live")
    strip = room.locator("[data-captions-strip]")
    field = desk.get_by_label("Wat hoor je?")
    for text in ("Goedemiddag allemaal.", "Wie belt <b>wie</b> & wanneer?", "Dat horen we zo"):
        field.fill(text)
        field.press("Enter")
    strip.get_by_text("Dat horen we zo").wait_for()
    assert strip.locator("p").all_inner_texts() == ["Wie belt <b>wie</b> & wanneer?", "Dat horen we zo"]
    assert strip.get_attribute("aria-live") == "off"
    assert field.evaluate("field => field === document.activeElement")

    # A mistake is mended where it stands, and one line is taken back.
    lines = desk.locator("[data-lines] li")
    lines.nth(2).get_by_label("Regel").fill("Dat horen we zo.")
    lines.nth(2).get_by_role("button", name="Verbeter").click()
    strip.get_by_text("Dat horen we zo.", exact=True).wait_for()
    lines.nth(0).get_by_label("Regel").fill("")
    lines.nth(0).get_by_role("button", name="Verbeter").click()
    said = room.locator("[data-captions-list] li")
    room.locator("[data-captions-all] summary").filter(has_text="Lees terug wat er gezegd is").click()
    room.wait_for_function("() => document.querySelectorAll('[data-captions-list] li').length === 2")
    live = said.all_inner_texts()
    for knob in ("Groter", "Laat ze voorlezen"):
        room.get_by_role("button", name=knob).press("Enter")
    assert strip.get_attribute("aria-live") == "polite"
    assert (violations(room), sticks_out(room), violations(desk), sticks_out(desk)) == ([], 0, [], 0)

    # A page after live changes is the page after a reload; a choice stays.
    room.reload()
    room.locator("[data-script=ready]").wait_for()
    assert room.locator("[data-captions-list] li").all_text_contents() == live
    assert "captions__strip--large" in strip.get_attribute("class")
    room.get_by_role("button", name="Ondertitels", exact=True).click()
    assert not strip.is_visible()

    # What another parser makes of the file: the browser's own.
    cues = room.evaluate(CUES, f"{ROOM}/ondertitels.vtt")
    assert [text for _, _, text in cues] == ["Wie belt <b>wie</b> & wanneer?", "Dat horen we zo."]
    assert all(0 < start < end for start, end, _ in cues)

    # Without scripts the same page types too, on a phone, and the hall reads on with a reload.
    plain = people(viewport=PHONE, java_script_enabled=False)
    plain.demo_login("Wessel Ooievaar")
    page = plain.go(f"{ROOM}/ondertitels")
    page.get_by_label("Wat hoor je?").fill("Zonder script getypt.")
    page.get_by_role("button", name="Stuur").click()
    assert page.locator("[data-lines] li").last.get_by_label("Regel").input_value() == "Zonder script getypt."
    desk.locator("[data-lines] li").nth(2).wait_for()
    assert sticks_out(page) == 0
    (tmp_path / "type.html").write_text(page.content())
    whole = noor.go(f"{ROOM}/ondertitels")
    assert whole.locator(".captions__list li").last.inner_text() == "Zonder script getypt."
    noor.check("whole")
    assert wrong_markup(sorted(tmp_path.glob("*.html"))) == []
    for person in (wessel, noor, plain):
        assert person.complaints == []
