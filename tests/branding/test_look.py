"""The page Naam en uiterlijk: colours that can be read, a logo, a share picture, versions, two at once."""

import colorsys
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotAllowed
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.branding import colours, queries, rules
from dagvandebuurt.parts.branding.errors import BrandingChanged, HardToRead, NoColour
from dagvandebuurt.parts.branding.models import Branding
from dagvandebuurt.parts.branding.queries import Look
from tests.branding.conftest import NAME

PAGE = "/organisatie/uiterlijk"
TOKENS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text()
COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Roos de Wit", roles=["organiser"]))


def typed(browser, **values):
    """What the form holds when it is opened, with these values."""
    page = browser.get(PAGE).text.split('action="/organisatie/uiterlijk"')[1].split("</form>")[0]
    found = dict(re.findall(r'name="(\w+)"[^>]*?value="([^"]*)"', page))
    return (
        {name: found.get(name, "") for name in ("seen", "op", "accent", "second")} | {"name": NAME} | values
    )


def look_now(app):
    with app.app_context():
        return Look.of(queries.newest())


def count(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Branding))


def picture(kind="PNG", size=(600, 200), mode="RGBA"):
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind)
    return io.BytesIO(out.getvalue()), f"logo.{kind.lower()}"


def test_contrast_is_that_of_wcag():
    assert round(colours.contrast("#000000", "#ffffff"), 2) == 21
    assert round(colours.contrast("#777777", "#ffffff"), 2) == 4.48
    assert round(colours.contrast("#767676", "#ffffff"), 2) == 4.54
    assert round(colours.contrast("#ff0000", "#ffffff"), 2) == 4.0


def test_surfaces_and_usual_colours_are_those_of_the_tokens():
    light = TOKENS.split("@supports")[0]
    for name, value in {
        "paper": colours.PAPER, "card": colours.CARD, "sunken": colours.SUNKEN,
        "brick": colours.ACCENT, "canal": colours.SECOND, "on-brick": colours.CARD,
    }.items():  # fmt: skip
        assert f"--{name}: {value};" in light, name
    dark = [
        re.search(rf"--{name}: light-dark\([^,]+, (#\w+)\)", TOKENS)[1]
        for name in ("paper", "card", "sunken")
    ]
    assert tuple(dark) == colours.DARK_SURFACES
    assert not colours.unreadable("accent", colours.ACCENT)
    assert not colours.unreadable("second", colours.SECOND)


@given(colour=COLOURS, of=st.sampled_from(["accent", "second"]))
def test_a_suggestion_can_be_read_and_keeps_its_hue(colour, of):
    found = colours.readable_neighbour(of, colour)

    assert colours.unreadable(of, found) == []
    if not colours.unreadable(of, colour):
        assert found == colour
    was, will = (colorsys.rgb_to_hls(*colours._channels(each)) for each in (colour, found))
    if min(was[2], will[2]) > 0.2 and will[1] > 0.1:
        assert min(abs(was[0] - will[0]), 1 - abs(was[0] - will[0])) < 0.05


@given(colour=COLOURS)
def test_on_dark_pages_every_colour_can_be_read(colour):
    dark = colours.for_dark_pages(colour)

    assert min(colours.contrast(dark, ground) for ground in colours.DARK_SURFACES) >= colours.LEAST
    assert colours.contrast(dark, "#1a1113") >= colours.LEAST  # the text on a button there
    assert colours.contrast(dark, colours.mixed(dark, colours.DARK_SURFACES[0], colours.DARK_WASH)) >= 4.5


def test_saved_colours_reach_every_page_without_inline_style(app, make, organiser):
    values = typed(organiser, accent="#5B2A86", second="#1d4e89")
    assert organiser.post(PAGE, data=values).status_code == 303

    page = make.browser().get("/over")
    [address] = re.findall(r'href="(/huisstijl/[^"]+)"', page.text)
    sheet = make.browser().get(address)

    assert "style=" not in page.text
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "--brick: #5b2a86;" in sheet.text
    assert "--canal: light-dark(#1d4e89, " in sheet.text
    assert (sheet.mimetype, sheet.headers["Cache-Control"]) == (
        "text/css",
        "public, max-age=31536000, immutable",
    )
    assert "Set-Cookie" not in sheet.headers
    assert make.browser().get("/huisstijl/000000000000.css").headers["Cache-Control"] == "public, max-age=60"
    assert look_now(app).accent == "#5b2a86"


def test_usual_colours_need_no_stylesheet(make, organiser):
    assert organiser.post(PAGE, data=typed(organiser)).status_code == 303

    assert "/huisstijl/" not in make.browser().get("/over").text


REFUSED = (
    ({"accent": "#ffcc00"}, ["de tekst op een knop (1,4)", "de gekozen pagina in het menu", "Probeer #8"]),
    ({"second": "#8fbc8f"}, ["een link in de tekst (2,0)", "een label in deze kleur", "Probeer #"]),
    ({"accent": "rood"}, ["Een kleur begint met een hekje"]),
    ({"name": "  "}, ["Geef het een naam."]),
    ({"name": "a" * 61}, ["60"]),
    ({"contact_email": "hallo"}, ["Dit e-mailadres klopt niet."]),
)


def test_what_is_refused_says_why_and_stays_on_the_page(app, organiser):
    form = typed(organiser, tagline="Iedereen telt")

    for values, sentences in REFUSED:
        answer = organiser.post(PAGE, data=form | values)
        assert answer.status_code == 422, values
        assert [each for each in sentences if each not in answer.text] == [], values
        assert 'value="Iedereen telt"' in answer.text
    assert count(app) == 0


def test_what_is_suggested_is_taken(app, organiser):
    refused = organiser.post(PAGE, data=typed(organiser, accent="#ffcc00"))
    suggested = re.search(r"Probeer (#[0-9a-f]{6})", refused.text)[1]

    assert organiser.post(PAGE, data=typed(organiser, accent=suggested)).status_code == 303
    assert look_now(app).accent == suggested


def test_looking_first_saves_nothing_and_shows_the_colours(app, organiser):
    answer = organiser.post(PAGE, data=typed(organiser, accent="#5b2a86", name="Wijkdag") | {"doe": "kijk"})
    [address] = re.findall(r'href="(/organisatie/uiterlijk/voorbeeld/[^"]+)"', answer.text)

    assert (answer.status_code, count(app)) == (200, 0)
    assert "Er is nog niets bewaard" in answer.text
    assert 'value="Wijkdag"' in answer.text
    assert ".look-example { --brick: #5b2a86;" in organiser.get(address).text
    assert organiser.get("/organisatie/uiterlijk/voorbeeld/zzzzzz-000000.css").status_code == 404


def test_a_double_press_is_one_version_and_a_second_writer_is_told(app, make, organiser):
    values = typed(organiser, name="Wijkdag")
    stale = typed(organiser, name="Buurtdag Zuid")

    assert [organiser.post(PAGE, data=values).status_code for _ in "ab"] == [303, 303]
    assert count(app) == 1
    told = organiser.post(PAGE, data=stale)
    assert (told.status_code, look_now(app).name) == (409, "Wijkdag")
    assert "Iemand anders bewaarde dit intussen" in told.text
    assert 'value="Buurtdag Zuid"' in told.text

    again = {"seen": re.search(r'name="seen"[^>]*value="(\d+)"', told.text)[1], "op": "a-new-operation"}
    assert organiser.post(PAGE, data=stale | again).status_code == 303
    assert look_now(app).name == "Buurtdag Zuid"


def test_two_at_once_are_never_one_number(make, inside, now, monkeypatch):
    """Two that saw the same number, at a database that does not lock: the second is refused by its key."""
    organiser = make.identity("Roos", roles=["organiser"])
    with transaction():
        rules.save(organiser, None, look=Look(name="Een"), seen=0, now=now)
    with pytest.raises(BrandingChanged), transaction():
        rules.save(organiser, None, look=Look(name="Twee"), seen=0, now=now)
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Branding(number=1, saved_at=now, saved_by_id=organiser.id))


def test_the_command_refuses_what_a_form_would(make, inside, now):
    organiser = make.identity("Roos", roles=["organiser"])

    for colour, refused in {"#ffcc00": HardToRead, "red": NoColour, "#12345;}": NoColour}.items():
        with pytest.raises(refused), transaction():
            rules.save(organiser, None, look=Look(name="Een", accent=colour), seen=0, now=now)
    moderator = make.moderator()
    with pytest.raises(NotAllowed), transaction():
        rules.save(moderator, None, look=Look(name="Een"), seen=0, now=now)


def test_a_logo_stands_in_the_header_and_goes_again(app, make, organiser):
    organiser.post(PAGE, data=typed(organiser))
    told = {"picture": picture(), "alt": "Zon boven een dijk"}
    assert organiser.post(f"{PAGE}/logo", data=told).status_code == 303

    page = make.browser().get("/over").text
    logo = re.search(
        r'<img class="mark__logo" src="(/beeld/\w+\.webp)" width="600" height="200" alt="([^"]*)">', page
    )
    assert logo[2] == "Zon boven een dijk"
    assert f'mark__name">{NAME}<' in page
    assert make.browser().get(logo[1]).mimetype == "image/webp"

    assert organiser.post(f"{PAGE}/logo", data={"has_name": "y", "alt": ""}).status_code == 303
    page = make.browser().get("/over").text
    assert f'alt="{NAME}"' in page
    assert f'mark__name">{NAME}<' not in page.split("</header>")[0]

    assert organiser.post(f"{PAGE}/logo", data={"doe": "weg"}).status_code == 303
    assert "mark__logo" not in make.browser().get("/over").text
    assert look_now(app).name == NAME


def drawn_size(make, address):
    with make.browser().get(address) as answer:
        return Image.open(io.BytesIO(answer.data)).size


def test_a_share_picture_is_cut_to_size_and_served_as_jpeg(app, make, organiser):
    drawn = re.search(r'og:image" content="[^"]*(/static/[^"]+og\.png)"', make.browser().get("/over").text)[1]
    assert drawn_size(make, drawn) == (1200, 630)

    sent = {"picture": picture("JPEG", (1600, 1600), "RGB")}
    assert organiser.post(f"{PAGE}/deelplaatje", data=sent).status_code == 303
    shown = re.search(r'og:image" content="[^"]*(/beeld/\w+\.jpg)"', make.browser().get("/over").text)[1]
    assert drawn_size(make, shown) == (1200, 630)

    assert organiser.post(f"{PAGE}/deelplaatje", data={"doe": "weg"}).status_code == 303
    assert "og.png" in make.browser().get("/over").text


def test_what_is_no_picture_is_refused_with_a_sentence(app, organiser):
    unreadable = "Dit is geen foto die we kunnen lezen."
    sent = {b"": "Kies een plaatje.", b"<svg onload=alert(1)>": unreadable, b"\x89PNG\r\n\x1a\nx": unreadable}

    for where in ("logo", "deelplaatje"):
        for content, sentence in sent.items():
            data = {
                "picture": (io.BytesIO(content), "logo.png" if content else ""),
                "alt": "Zon boven de dijk",
            }
            answer = organiser.post(f"{PAGE}/{where}", data=data)
            assert (answer.status_code, sentence in answer.text) == (422, True), (where, content)
            assert ("Zon boven de dijk" in answer.text) == (where == "logo")
    assert count(app) == 0


def test_an_earlier_version_comes_back_as_the_newest(app, organiser):
    for name in ("Eerst", "Daarna"):
        organiser.post(PAGE, data=typed(organiser, name=name))
    page = organiser.get(PAGE).text
    assert "Roos de Wit" in page

    assert organiser.post(f"{PAGE}/versies/1").status_code == 303
    assert organiser.post(f"{PAGE}/versies/9").status_code == 404

    assert (look_now(app).name, count(app)) == ("Eerst", 3)


HOSTILE = '<b>"Feest" & {{ 7*7 }} #x$ \\ %(x)s'


def test_a_hostile_name_is_text_everywhere(make, session, organiser):
    assert organiser.post(PAGE, data=typed(organiser, name=HOSTILE, tagline=HOSTILE)).status_code == 303
    browser = make.browser()

    for address in (
        "/over",
        "/programma",
        "/lessen.atom",
        "/agenda.atom",
        "/opensearch.xml",
        "/embed/programma",
    ):
        text = browser.get(address).text
        assert "<b>" not in text, address
        assert "49" not in re.findall(r"<title>([^<]*)</title>", text + "<title></title>")[0], address
    assert "NAME:" in browser.get("/programma.ics").text
    assert "\nX-WR-CALNAME:<b>" in browser.get("/programma.ics").text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "deed",
    ["UPDATE branding SET name = 'Anders'", "UPDATE branding SET words = '{}'", "DELETE FROM branding"],
)
def test_what_it_was_called_cannot_be_changed_afterwards(make, organiser, deed):
    organiser.post(PAGE, data=typed(organiser, name="Feest"))

    with make.context(), pytest.raises(DBAPIError):
        db.session.execute(text(deed))
