"""Malformed and malicious files: each gives a programme or a refusal, never an error."""

import io
import json
import socket
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagvandebuurt.programme.editing.snapshot import SHAPES, RecordKind
from dagvandebuurt.programme.errors import AnotherKindOfFile, CannotBeRead, TooMuchInFile
from dagvandebuurt.programme.exchange import limits
from dagvandebuurt.programme.exchange.read_file import read
from dagvandebuurt.programme.exchange.template import template_csv, template_xlsx
from tests.programme.exchanging import SAMPLE, WRITERS, brought_in, event, v1, written

TABLE = "Titel;Datum;Begin;Einde;Zaal\nGroen;28-01-2027;13:00;14:00;Linde\n"


@pytest.fixture(autouse=True)
def _no_connections(monkeypatch):
    """Fail a test whose file makes a network connection."""

    def called(*_args, **_more):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", called)
    monkeypatch.setattr(socket, "getaddrinfo", called)


def refused(content, name="schedule.json", kind=CannotBeRead):
    with pytest.raises(kind) as told:
        brought_in(content, name)
    sentence = str(told.value.message)
    assert 3 <= len(sentence.split()) <= 20, sentence
    return sentence


def repairs_of(content, name="schedule.json"):
    plan, outcome, document = brought_in(content, name)
    assert document.findings.errors == []
    for kind in RecordKind:
        for thing in plan.things[kind].values():
            SHAPES[kind].model_validate(thing.values())
    return [(each.line, each.what) for each in document.findings.repairs], plan, outcome


def test_connection_guard_fails_a_test_that_connects():
    with pytest.raises(AssertionError):
        socket.create_connection(("127.0.0.1", 9))


# --- what real files do ---


def line_of(content, words):
    lines = content.decode().splitlines()
    found = next(place for place, line in enumerate(lines, start=1) if words in line)
    return next(place for place in range(found, 0, -1) if lines[place - 1].strip() == "{")


def test_duplicate_ids_are_separated_and_reported_with_line_numbers():
    content = v1(event(title="Eerste"), event(title="Tweede", slug="tweede"))

    repairs, plan, _ = repairs_of(content)

    line = line_of(content, "Tweede")
    assert repairs == [(line, "guid die al voorkwam"), (line, "id die al voorkwam")]
    assert sorted(each.title for each in plan.sessions.values()) == ["Eerste", "Tweede"]
    _, again, _ = brought_in(content, over=plan)
    assert again.changes == []


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"start": "9:00", "date": "2027-01-28T09:00:00+01:00"}, "begintijd"),
        ({"links": ["https://a.example/b c"]}, "adres in links"),
        ({"links": ["geen adres"]}, "adres in links"),
        ({"guid": "geen-guid"}, "guid"),
        ({"id": "twaalf"}, "id"),
        ({"duration": "lang"}, "duur"),
        ({"title": ""}, "titel"),
        ({"title": "x" * 161}, "title van meer dan 160 tekens"),
        ({"title": "a\x0bb"}, "stuurtekens in title"),
        ({"persons": [{"id": 3}]}, "persoon zonder naam"),
        ({"persons": ["Ali"]}, "persoon"),
    ],
)
def test_defects_of_real_files_are_repaired_and_reported(values, what):
    repairs, plan, outcome = repairs_of(v1(event(**values)))

    assert what in [each for _line, each in repairs]
    assert all(line > 1 for line, _what in repairs)
    for name in WRITERS:
        written(plan, name)
    assert len(outcome.sessions) == 1


def test_hall_with_different_key_and_name_uses_the_key():
    document = json.loads(v1(event(room="Zaal B")))
    rooms = document["schedule"]["conference"]["days"][0]["rooms"]
    rooms["Zaal A"] = rooms.pop("Zaal B")

    repairs, plan, _ = repairs_of(json.dumps(document).encode())

    assert [what for _line, what in repairs] == ["zaal"]
    assert [venue.name for venue in plan.things[RecordKind.VENUE].values()] == ["Zaal A"]


def test_frab_notations_are_understood():
    told = event(language="de, en", persons=[{"id": 4, "public_name": "Bea"}], duration="1:00", track=None)

    repairs, plan, _ = repairs_of(v1(told))

    [session] = plan.sessions.values()
    assert repairs == []
    assert session.languages == ["de", "en"]
    assert (session.ends_at - session.starts_at).seconds == 3600
    assert [plan.named(RecordKind.SPEAKER, who) for who in session.speakers] == ["Bea"]
    assert session.themes == []


def test_duplicate_field_counts_once_and_is_reported():
    content = v1(event()).replace(b'"title": "Samen groen"', b'"title": "Een", "title": "Twee"')

    repairs, plan, _ = repairs_of(content)

    assert [what for _line, what in repairs] == ["veld dat twee keer staat"]
    assert [each.title for each in plan.sessions.values()] == ["Twee"]


def test_session_without_a_time_rejects_the_whole_file():
    content = v1(event(), event(guid="0f5a6d5e-0000-4000-8000-000000000002", id=2, date="ooit", start=None))

    document = read("schedule.json", content)

    [error] = document.findings.errors
    assert (error.line, error.what) == (line_of(content, "ooit"), "sessie zonder leesbare begintijd")


# --- tables ---


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(), TABLE.encode("utf-8-sig"), TABLE.encode("utf-16"), TABLE.encode("utf-16-le"),
        TABLE.encode("utf-16-be"), TABLE.replace(";", ",").encode(), TABLE.replace(";", "\t").encode("utf-16"),
        TABLE.replace("\n", "\r\n").encode(), TABLE.replace("\n", "\r").encode(),
    ],
)  # fmt: skip
def test_j2_table_is_read_from_any_spreadsheet_program(content):
    _, plan, _ = repairs_of(content, "p.csv")

    [session] = plan.sessions.values()
    assert (session.title, plan.named(RecordKind.VENUE, session.venue)) == ("Groen", "Linde")


def test_j2_windows_1252_is_decoded_and_reported():
    repairs, plan, _ = repairs_of(TABLE.replace("Groen", "Café Één").encode("cp1252"), "p.csv")

    assert repairs == [(2, "lettertekens")]
    assert [each.title for each in plan.sessions.values()] == ["Café Één"]


@pytest.mark.parametrize(
    "broken", ['Ok;28-01-2027;13:00;14:00;"x\n', '"Groen;28-01-2027;13:00;14:00;L\n"Rood";x\n']
)
def test_j2_unterminated_quote_is_reported_with_its_line(broken):
    sentence = refused((TABLE + broken).encode(), "p.csv")

    assert sentence == 'Op regel 3 gaat een " open die niet goed sluit.'


def test_j2_missing_headings_are_named():
    assert "Titel, Datum en Begin" in refused(b"a;b\n1;2\n", "p.csv", AnotherKindOfFile)


def test_j2_invalid_rows_are_reported_by_line_and_nothing_is_imported():
    rows = (
        TABLE + ";28-01-2027;13:00;;\nZonder dag;;13:00;;\nRaar;31-02-2027;13:00;;\nLaat;28-01-2027;25:00;;\n"
    )

    document = read("p.csv", rows.encode())

    assert [(each.line, each.what) for each in document.findings.errors] == [
        (3, "rij zonder titel"), (4, "Datum is niet te lezen"), (5, "Datum is niet te lezen"),
        (6, "Begin is niet te lezen"),
    ]  # fmt: skip


def test_empty_rows_and_bytes_are_skipped():
    repairs, plan, _ = repairs_of((TABLE + ";;;;\n\n \n").replace("Linde", "Li\0nde").encode(), "p.csv")

    assert repairs == [(2, "lege bytes")]
    assert len(plan.sessions) == 1


@pytest.mark.parametrize("rows", [limits.MOST_SESSIONS + 2, 1_000_000])
def test_a_million_rows_are_refused_with_the_limit_named(rows):
    content = (TABLE.splitlines()[0] + "\n").encode() + b"a;1;2;3;\n" * rows

    assert "5000 regels" in refused(content, "p.csv", TooMuchInFile)


def test_j2_a_million_columns_are_refused_with_the_limit_named():
    assert "100 kolommen" in refused(TABLE.encode() + b"x;" * 1_000_000, "p.csv", TooMuchInFile)


# --- another kind of file under the right name ---


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"%PDF-1.7", "schedule.json", "geen JSON maar lijkt een PDF"),
        (b"\x89PNG\r\n", "p.csv", "geen CSV maar lijkt een plaatje"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "p.xlsx", "oud Excel- of Word-bestand"),
        (b"<!DOCTYPE html><p>x", "schedule.xml", "geen XML maar lijkt een webpagina"),
        (b"<rss/>", "schedule.xml", "geen schedule.xml"),
        (b"[1, 2]", "schedule.json", "geen schedule.json"),
        (b'{"schedule": []}', "schedule.json", "geen schedule.json"),
        (b"BEGIN:VCALENDAR", "p.csv", "agendabestand"),
        (b"", "p.csv", "leeg"),
        (b" \n\t", "p.csv", "leeg"),
    ],
)
def test_wrong_file_type_with_the_right_extension_is_named(content, name, words):
    assert words in refused(content, name)


def test_valid_file_with_another_extension_is_read():
    assert len(read("programma.txt", SAMPLE).sessions) == 36


# --- JSON that means harm ---


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"a": ' * 100_000, "40 lagen"),
        (b"[" * 100_000, "40 lagen"),
        (b'{"n": ' + b"9" * 5_000 + b"}", "15 cijfers"),
        (b'{"n": 1e999}', "15 cijfers"),
        (b'{"n": NaN}', "NaN is geen getal"),
        (b'{"n": -Infinity}', "geen getal"),
        (b'{"schedule": ', "Op regel 1"),
        (b'{\n"schedule": {}}}', "Op regel 2"),
        (b"[" + b"[]," * 500_000 + b"[]]", "400000 onderdelen"),
    ],
)
def test_j1_oversized_json_is_refused_with_the_limit_named(content, words):
    assert words in refused(content)


def test_too_many_sessions_are_refused_with_the_limit_named():
    one = json.loads(v1(event()))
    rooms = one["schedule"]["conference"]["days"][0]["rooms"]
    rooms["Zaal A"] = [{"date": "2027-01-28T13:00:00+01:00"}] * (limits.MOST_SESSIONS + 1)

    assert "5000 sessies" in refused(json.dumps(one).encode(), kind=TooMuchInFile)


def test_a_file_above_the_limit_is_refused_unread():
    assert "16 MB" in refused(b"{" + b" " * limits.MOST_BYTES, kind=TooMuchInFile)


# --- XML that means harm ---

LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"]><schedule>&j;</schedule>"  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (LAUGHS, "DOCTYPE"),
        (b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><schedule/>', "DOCTYPE"),
        (b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><schedule>&f;</schedule>', "DOCTYPE"),
        (b"<schedule>" * 200, "40 lagen"),
        (b"<schedule>" + b"<a/>" * 400_001, "400000 onderdelen"),
        (b"<schedule>\n<conference>\n</schedule>", "Op regel 3"),
        (b"<schedule>&onbekend;</schedule>", "XML"),
        (b'<?xml version="1.0" encoding="bestaat-niet"?><schedule/>', "XML"),
        (b"<schedule>\x0b</schedule>", "Op regel 1"),
    ],
)
def test_j1_malicious_xml_is_refused_and_opens_nothing(content, words):
    assert words in refused(content, "schedule.xml")


# --- XLSX that means harm ---


def packed(**parts):
    """Return a small XLSX with these parts replaced."""
    with zipfile.ZipFile(io.BytesIO(template_xlsx())) as book:
        members = {name: book.read(name) for name in book.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in (members | parts).items():
            book.writestr(name, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(rows):
    return b'<worksheet xmlns="x"><sheetData>' + rows + b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({SHEET: sheet_of(b" " * 30_000_000)}, "te sterk ingepakt"),
        ({f"xl/worksheets/s{n}.xml": b"x" for n in range(1_000)}, "500 onderdelen"),
        ({SHEET: LAUGHS}, "DOCTYPE"),
        ({SHEET: b"<worksheet"}, "Op regel 1"),
        (
            {SHEET: sheet_of(b'<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>')},
            "100 kolommen",
        ),
        ({SHEET: sheet_of(b"")}, "staat niets"),
    ],
)
def test_j1_malicious_workbook_is_refused(parts, words):
    assert words in refused(packed(**parts), "p.xlsx")


def test_zip_other_than_a_workbook_is_named():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("word/document.xml", "<x/>")

    assert "geen Excel-bestand" in refused(out.getvalue(), "p.xlsx", AnotherKindOfFile)
    assert "beschadigd" in refused(b"PK\x03\x04rest", "p.xlsx")


def test_external_links_of_a_workbook_are_ignored():
    """An external link is not a sheet; it is not opened and its cells are not read."""
    links = (
        b'<Relationships xmlns="x"><Relationship Id="rId1" TargetMode="External" '
        b'Target="http://127.0.0.1:9/sheet.xml"/></Relationships>'
    )
    document = read("p.xlsx", packed(**{"xl/_rels/workbook.xml.rels": links}))

    assert document.sessions == []


def test_formula_is_read_as_its_cached_value_and_never_evaluated():
    headings = b"".join(
        b'<c r="%c1" t="inlineStr"><is><t>%s</t></is></c>' % (65 + place, name)
        for place, name in enumerate([b"Titel", b"Datum", b"Begin"])
    )
    cells = b'<c r="A2" t="str"><f>HYPERLINK("http://127.0.0.1:9")</f><v>Groen</v></c>' \
            b'<c r="B2" t="inlineStr"><is><t>28-01-2027</t></is></c><c r="C2" t="str"><f>1/0</f><v>13:00</v></c>'  # fmt: skip
    rows = b'<row r="1">' + headings + b'</row><row r="2">' + cells + b"</row>"

    [said] = read("p.xlsx", packed(**{SHEET: sheet_of(rows)})).sessions

    assert said.values["title"] == "Groen"


# --- anything at all ---

EXAMPLES = {
    "schedule.json": SAMPLE[:9_000] + b"]}]}}}", "v1.json": v1(event()), "p.csv": TABLE.encode(), "t.csv": template_csv(),
    "p.xlsx": template_xlsx(), "s.xml": written(brought_in(v1(event()))[0], "v.xml"),
    "v2.json": written(brought_in(v1(event()))[0], "v2.json"),
}  # fmt: skip


def or_a_sentence(name, content):
    """Return a valid plan, or a refusal in words."""
    try:
        document = read(name, content)
    except CannotBeRead:
        return  # each of its sentences is looked at above
    plan, _, _ = brought_in(content, name)
    for kind in RecordKind:
        for thing in plan.things[kind].values():
            SHAPES[kind].model_validate(thing.values())
    if not document.findings.errors:
        for writer in WRITERS:
            written(plan, writer)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(EXAMPLES)), content=st.binary(max_size=300))
def test_fuzzed_bytes_give_a_programme_or_a_refusal(name, content):
    or_a_sentence(name, content)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(data=st.data(), name=st.sampled_from(sorted(EXAMPLES)))
def test_damaged_file_gives_a_programme_or_a_refusal(data, name):
    content = bytearray(EXAMPLES[name])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        deed = data.draw(st.sampled_from(["byte", "cut", "double", "put"]))
        if deed == "byte":
            content[place] = data.draw(st.integers(0, 255))
        elif deed == "cut":
            del content[place : place + data.draw(st.integers(1, 40))]
            content = content or bytearray(b"x")
        elif deed == "double":
            content[place:place] = content[place : place + 60]
        else:
            content[place:place] = data.draw(
                st.sampled_from([b'"', b"null", b"{}", b"[]", b"-1", b"<a/>", b"\xff", b"99999-01-01"])
            )
    or_a_sentence(name, bytes(content))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**14) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12)
    | st.sampled_from(["2027-01-28T13:00:00", "0001-01-01", "25:61", "http://[", "Europe/..", "99:59"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "guid", "url", "id", "nl", "rooms"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_fuzzed_field_values_give_a_programme_or_a_refusal(data):
    told = event(
        url="https://a.example", slug="proef-een", language="nl", links=[], track="Groen", type="Talk"
    )
    for name in data.draw(st.lists(st.sampled_from(sorted(told)), min_size=1, max_size=4)):
        told[name] = data.draw(VALUES)
    document = json.loads(v1(told))
    conference = document["schedule"]["conference"]
    for name in data.draw(
        st.lists(
            st.sampled_from(
                [
                    "acronym",
                    "title",
                    "start",
                    "days",
                    "rooms",
                    "tracks",
                    "time_zone_name",
                    "timeslot_duration",
                    "colors",
                    "logo",
                ]
            ),
            max_size=2,
        )
    ):
        conference[name] = data.draw(VALUES)
    or_a_sentence("schedule.json", json.dumps(document).encode())
