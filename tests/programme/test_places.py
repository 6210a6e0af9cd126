"""Places by hand and from a table, and the places of the whole day."""

import html
import io
import re
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.spreadsheets import xlsx_bytes
from dagvandebuurt.programme.errors import NoPlacesInFile
from dagvandebuurt.programme.models import Edition, Place
from dagvandebuurt.programme.places import rules
from dagvandebuurt.programme.places.place_table import PlaceRow, read_places

HERE = "/organisatie/plaatsen"
# As Statistics Netherlands publishes them: neighbourhoods with kinds and padded names, and municipalities.
CBS = (
    "gwb_code_10;regio;gm_naam;recs\nNL00;Nederland;Nederland;Land\nGM0344;Utrecht   ;Utrecht;Gemeente  \n"
    "WK034401;Wijk 01 West;Utrecht;Wijk\nBU03440111;Welgelegen;Utrecht;Buurt\nGM0363;Amsterdam;Amsterdam;Gemeente\n"
)
GEMEENTEN = "Gemeentecode;GemeentecodeGM;Gemeentenaam;Provincienaam\n344;GM0344;Utrecht;Utrecht\n80;GM0080;Leeuwarden;Fryslân\n"
BUURTEN = "Gemeentenaam,Wijknaam,Buurtnaam\nUtrecht,West,Welgelegen\nUtrecht,West,Den Hommel\n"


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Anna", roles=["organiser"]))


def names(app):
    with app.app_context():
        return {
            (place.name, place.parent.name if place.parent else "")
            for place in db.session.scalars(select(Place))
        }


def look(browser, content, name="lijst.csv", **fields):
    content = content.encode() if isinstance(content, str) else content
    return browser.post(f"{HERE}/inlezen", data={"file": (io.BytesIO(content), name), **fields})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (CBS, ["Amsterdam", "Utrecht", "Utrecht/Welgelegen", "Utrecht/Wijk 01 West"]),
        (GEMEENTEN, ["Leeuwarden", "Utrecht"]),
        (BUURTEN, ["Utrecht", "Utrecht/Den Hommel", "Utrecht/Welgelegen", "Utrecht/West"]),
        ("Naam;Soort;Gemeente\nKade;buurt;Dorp\nDORP;gemeente;\n", ["DORP", "Dorp/Kade"]),
    ],
)
def test_the_lists_of_cbs_and_one_s_own_are_understood(text, found):
    rows = read_places(text).rows

    assert ["/".join(filter(None, (row.municipality, row.name))) for row in rows] == found


@pytest.mark.parametrize("text", ["", "\n\n", "a;b\n1;2\n", "Naam\n", '"open'])
def test_what_is_no_list_of_places_is_refused(text):
    with pytest.raises(NoPlacesInFile):
        read_places(text)


WIDE = [[f"Buurt {n}", "Utrecht", "Buurt", *(str(n * figure) for figure in range(130))] for n in range(1, 4)]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_of_a_list_with_a_hundred_figures_a_line_the_names_are_read(app, organiser, kind):
    head = ["regio", "gm_naam", "recs", *(f"cijfer {n}" for n in range(130))]
    if kind == "csv":
        content = "\n".join(";".join(line) for line in [head, *WIDE]).encode()
    else:
        content = xlsx_bytes("kwb", head, WIDE) if kind == "xlsx" else ods(head, WIDE)

    shown = look(organiser, content, f"kwb.{kind}")
    assert "4 nieuwe plaatsen" in shown.text, shown.text
    said = html.unescape(re.search(r'name="text" value="([^"]*)"', shown.text)[1])
    assert organiser.post(f"{HERE}/opslaan", data={"text": said, "op": uuid4().hex}).status_code == 303

    assert names(app) == {("Utrecht", ""), *((f"Buurt {n}", "Utrecht") for n in (1, 2, 3))}
    page = organiser.get(HERE).text
    assert ">4 plaatsen<" in page
    assert "Macro" not in page


def ods(*rows):
    def line(cells):
        return "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)

    out = io.BytesIO()
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<table:table-row>{line(row)}</table:table-row>" for row in [rows[0], *rows[1]])
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{urn}:office:1.0" xmlns:table="{urn}:table:1.0" '
            f'xmlns:text="{urn}:text:1.0"><office:body><office:spreadsheet><table:table table:name="kwb">{body}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return out.getvalue()


def test_two_who_take_the_same_list_at_once_are_both_told_and_add_it_once(app, make, monkeypatch):
    """On PostgreSQL both read the list before either writes; on SQLite they take turns."""
    real, both = rules.known_places, threading.Barrier(2)
    met = threading.local()

    def meet():
        found = real()
        if db.engine.dialect.name == "postgresql" and not hasattr(met, "once"):
            met.once = True
            both.wait(60)
        return found

    monkeypatch.setattr(rules, "known_places", meet)
    browsers = [make.browser(make.person(name, roles=["organiser"])) for name in ("Anna", "Bo")]

    def take(browser):
        return browser.post(f"{HERE}/opslaan", data={"text": CBS, "op": uuid4().hex}).status_code

    with ThreadPoolExecutor(2) as two:
        assert list(two.map(take, browsers)) == [303, 303]

    with app.app_context():
        found = db.session.scalars(select(Place.name)).all()
    assert sorted(found) == ["Amsterdam", "Utrecht", "Welgelegen", "Wijk 01 West"]


def test_a_table_is_looked_at_first_and_then_taken_once(app, organiser):
    shown = look(organiser, CBS, only="utrecht")
    assert shown.status_code == 200
    assert "3 nieuwe plaatsen" in shown.text
    assert names(app) == set()

    sent = {"text": CBS, "only": "utrecht", "op": uuid4().hex}
    assert [organiser.post(f"{HERE}/opslaan", data=sent).status_code for _ in "ab"] == [303, 303]

    assert names(app) == {("Utrecht", ""), ("Welgelegen", "Utrecht"), ("Wijk 01 West", "Utrecht")}
    again = look(organiser, CBS, only="utrecht").text
    assert "3 stonden er al" in again
    assert organiser.post(f"{HERE}/opslaan", data={"text": CBS, "op": uuid4().hex}).status_code == 303
    assert ("Amsterdam", "") in names(app)


def test_a_workbook_is_a_table_too_and_another_file_is_refused_with_a_sentence(app, organiser):
    book = xlsx_bytes("Plaatsen", ["Naam", "Gemeente"], [["Kade", "Dorp"], ["=1+1", "Dorp"]])

    assert "3 nieuwe plaatsen" in look(organiser, book, "lijst.xlsx").text
    for content, name in (
        (b"%PDF-1.7 x", "a.pdf"),
        (b"PK\x03\x04kapot", "a.xlsx"),
        (b"<html><p>x", "a.csv"),
        (b"", "a.csv"),
    ):
        answer = look(organiser, content, name)
        assert answer.status_code == 422, name
        assert 'class="field__error"' in answer.text
    assert names(app) == set()


def test_by_hand_a_place_is_added_once_and_removed_when_nothing_needs_it(app, make, organiser):
    def add(name, municipality=""):
        data = {"name": name, "municipality": municipality, "op": uuid4().hex}
        return organiser.post(HERE, data=data).status_code

    assert [add("Dorp"), add("dorp"), add("Kade", "Dorp"), add(""), add("x" * 81), add("Ergens", "Nergens")] == [
        303, 303, 303, 422, 422, 422,
    ]  # fmt: skip
    assert names(app) == {("Dorp", ""), ("Kade", "Dorp")}
    with app.app_context():
        ids = {place.name: place.id for place in db.session.scalars(select(Place))}

    def remove(name):
        return organiser.post(f"{HERE}/{ids[name]}/weg", data={"op": uuid4().hex})

    refused = remove("Dorp")
    assert refused.status_code == 409
    assert "er horen buurten bij" in html.unescape(refused.text)
    assert [remove("Kade").status_code, remove("Dorp").status_code, remove("Dorp").status_code] == [
        303,
        303,
        404,
    ]
    assert names(app) == set()


def test_too_many_for_a_list_to_choose_from_are_refused_whole(app, organiser, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.programme.places.rules.MOST_PLACES", 3)

    answer = organiser.post(f"{HERE}/opslaan", data={"text": CBS, "op": uuid4().hex})

    assert answer.status_code == 422
    assert names(app) == set()


def test_the_places_of_a_row_are_the_same_without_case_and_accents():
    assert PlaceRow("Fryslân").key == PlaceRow("FRYSLAN").key


def test_the_day_has_as_many_places_as_an_organiser_says_and_nobody_loses_one(app, make, now, organiser):
    edition = make.edition(taken=2)

    assert "2 plekken zijn gekozen." in organiser.get("/organisatie/plekken").text
    refused = organiser.post("/organisatie/plekken", data={"capacity": "1"})
    assert refused.status_code in (409, 422)
    assert 'value="1"' in refused.text
    assert organiser.post("/organisatie/plekken", data={"capacity": "50"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Edition, edition.id).capacity == 50
