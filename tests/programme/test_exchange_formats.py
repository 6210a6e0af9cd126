"""Exchange formats: round trips, and validity against the schemas for any content."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagvandebuurt.core.spreadsheets import csv_bytes, xlsx_bytes
from dagvandebuurt.people.models import Domain
from dagvandebuurt.programme.editing.snapshot import (
    OrganisationPlan,
    RecordKind,
    RoundPlan,
    SessionPlan,
    SpeakerPlan,
    ThemePlan,
    VenuePlan,
)
from dagvandebuurt.programme.exchange import limits, tables
from dagvandebuurt.programme.exchange.columns import COLUMNS
from dagvandebuurt.programme.exchange.event_record import FIELDS
from dagvandebuurt.programme.exchange.template import template_csv, template_xlsx
from dagvandebuurt.programme.models import Involvement, SessionKind, SessionStatus
from tests.factories import START
from tests.programme.exchanging import (
    SAMPLE,
    WRITERS,
    brought_in,
    empty_plan,
    event,
    v1,
    written,
    wrong,
)

NASTY = [
    "\x0b\x00bel\x07",
    "=1+1",
    "+31 6 12345678",
    "]]>&<b>",
    "\u202eomgekeerd",
    "\ud800half",
    "李 en Ø 🏳️‍🌈",
    "x" * 500,
]


def one_of_everything(title="Wie ruimt wat op?", **values):
    """Return a programme with every field filled."""
    plan = empty_plan()
    ids = {kind: [uuid4(), uuid4()] for kind in RecordKind}
    plan.things[RecordKind.ORGANISATION][ids[RecordKind.ORGANISATION][0]] = OrganisationPlan(
        code="org", name="Org"
    )
    for place, theme_id in enumerate(ids[RecordKind.THEME]):
        plan.things[RecordKind.THEME][theme_id] = ThemePlan(
            code=f"t{place}", label=f"Straat, groen en {place}"
        )
        plan.things[RecordKind.SPEAKER][ids[RecordKind.SPEAKER][place]] = SpeakerPlan(
            code=f"s{place}", name=f"Ali {place}", bio="Kort."
        )
    plan.things[RecordKind.VENUE][ids[RecordKind.VENUE][0]] = VenuePlan(
        name="Zaal Linde", capacity=40, description="Beneden"
    )
    round_id, session_id = ids[RecordKind.ROUND][0], ids[RecordKind.SESSION][0]
    plan.things[RecordKind.ROUND][round_id] = RoundPlan(
        code="r1", label="Ronde 1", starts_at=START, ends_at=START + timedelta(hours=9)
    )
    whole = {
        "slug": "wie-ruimt-wat-op", "title": title, "subtitle": "Over afval", "summary": "Kort.\nEn dan.",
        "abstract": "Lang.\n\nEn verder.", "kind": SessionKind.TABLE, "kind_label": None, "involvement": Involvement.ADVISE,
        "starts_at": START, "ends_at": START + timedelta(minutes=45), "capacity": 30, "languages": ["nl", "ar"],
        "language_level": "A2", "domains": [Domain.WELFARE, Domain.WORK_INCOME], "access": ["sign_language"], "interpreters": ["tr"],
        "ask_ahead": "Wat weet je al?", "stage_url": "https://player.vimeo.com/video/1", "round": round_id,
        "venue": ids[RecordKind.VENUE][0], "themes": ids[RecordKind.THEME], "speakers": [ids[RecordKind.SPEAKER][0]],
        "hosts": [ids[RecordKind.SPEAKER][1]],
    } | values  # fmt: skip
    plan.things[RecordKind.SESSION][session_id] = SessionPlan.model_construct(**whole)
    return plan, session_id


def without_generator(content):
    return {key: value for key, value in json.loads(content).items() if key != "generator"}


def test_sample_round_trips_in_every_field():
    plan, outcome, document = brought_in(SAMPLE)

    assert (document.format, len(outcome.sessions), document.findings.errors) == ("json1", 36, [])
    assert without_generator(written(plan)) == without_generator(SAMPLE)


@pytest.mark.parametrize("name", WRITERS)
def test_sample_export_is_valid_in_each_format_and_reimport_changes_nothing(name):
    plan, _, _ = brought_in(SAMPLE)
    made = written(plan, name)

    assert wrong(made, name) == []
    _, outcome, document = brought_in(made, name, over=plan)
    assert document.findings.repairs == []
    assert outcome.changes == []


@pytest.mark.parametrize("name", WRITERS)
def test_export_imported_into_an_empty_installation_exports_the_same(name):
    plan, _, _ = brought_in(SAMPLE)
    made = written(plan, name)

    again, _, _ = brought_in(made, name)

    if name == "v.xml":
        assert written(again, name) == made
    else:
        assert json.loads(written(again, name)) == json.loads(made)


@pytest.mark.parametrize("name", WRITERS)
def test_own_programme_round_trips_with_fields_the_format_lacks(name):
    plan, _ = one_of_everything()
    made = written(plan, name)

    assert wrong(made, name) == []
    again, outcome, _ = brought_in(made, name, over=plan)
    assert outcome.changes == []
    assert again.sessions == plan.sessions


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_table_of_own_programme_round_trips(form):
    plan, session_id = one_of_everything()
    make = csv_bytes if form == "csv" else (lambda *table: xlsx_bytes("Programma", *table))
    made = make(tables.headings(), tables.rows_of(plan))

    _, outcome, document = brought_in(made, f"programma.{form}", over=plan)

    assert (document.findings.repairs, document.findings.errors) == ([], [])
    assert outcome.changes == []
    fresh, _, _ = brought_in(made, f"programma.{form}")
    [made_of_it] = fresh.sessions.values()
    kept = plan.sessions[session_id].model_dump(
        exclude={"round", "venue", "themes", "speakers", "hosts", "exchange"}
    )
    assert (
        made_of_it.model_dump(exclude={"round", "venue", "themes", "speakers", "hosts", "exchange"}) == kept
    )
    assert [fresh.named(RecordKind.THEME, each) for each in made_of_it.themes] == [
        "Straat, groen en 0",
        "Straat, groen en 1",
    ]
    assert [fresh.named(RecordKind.SPEAKER, each) for each in made_of_it.hosts] == ["Ali 1"]


def test_one_changed_cell_changes_one_field():
    plan, session_id = one_of_everything()
    rows = tables.rows_of(plan)
    rows[0][tables.headings().index("Begin")] = "13:15"

    _, outcome, _ = brought_in(csv_bytes(tables.headings(), rows), "p.csv", over=plan)

    [change] = outcome.changes
    assert (change.thing_id, change.names) == (session_id, {"starts_at"})


@pytest.mark.parametrize("name", WRITERS)
def test_an_empty_programme_is_valid(name):
    assert wrong(written(empty_plan(), name), name) == []


@pytest.mark.parametrize("name", WRITERS)
@settings(max_examples=340, suppress_health_check=list(HealthCheck))
@given(text=st.one_of(st.sampled_from(NASTY), st.text(max_size=60)))
def test_f5_exports_are_valid_and_readable_for_any_input(name, text):
    """Also bypasses the sanitiser: a malformed row stops no export."""
    plan, session_id = one_of_everything(
        title=text or "x", subtitle=text, summary=text, abstract=text, kind_label=text or None
    )
    hall = next(iter(plan.things[RecordKind.VENUE]))
    plan.things[RecordKind.VENUE][hall] = VenuePlan.model_construct(name=text or "x", description=text)
    speaker = next(iter(plan.things[RecordKind.SPEAKER]))
    plan.things[RecordKind.SPEAKER][speaker] = SpeakerPlan.model_construct(
        code="s", name=text or "x", bio=text
    )
    plan.sessions[session_id].exchange.update(
        said={"track": text, "slug": text, "code": text, "url": text, "logo": text, "links": [{"url": text}]}
    )

    made = written(plan, name)
    plan.sessions[session_id].exchange.clear()

    assert wrong(made, name) == []
    assert len(brought_in(made, name)[2].sessions) == 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+31 6 12345678", "@SUM(A1)", "-2", "\tx", 'a;b"c\nd', "007", "＝1"]
)
def test_f3_f4_cells_are_never_formulas_and_round_trip(text):
    plan, _ = one_of_everything(title=text.strip(), summary=text)
    headings, rows = tables.headings(), tables.rows_of(plan)
    place = headings.index("Titel")

    book = xlsx_bytes("Programma", headings, rows)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).active
    inside = "".join(
        zipfile.ZipFile(io.BytesIO(book)).read(name).decode()
        for name in zipfile.ZipFile(io.BytesIO(book)).namelist()
        if name.endswith(".xml")
    )
    assert "<f>" not in inside
    assert "externalLink" not in inside
    assert sheet.cell(2, place + 1).value == text.strip()
    [line] = list(csv.reader(io.StringIO(csv_bytes(headings, rows).decode("utf-8-sig")), delimiter=";"))[1:]
    is_number = text.strip()[:1] in "+-" and text.strip()[1:2].isdigit()
    assert line[place] == (
        text.strip() if is_number or text.strip()[0] not in "=+-@＝" else "'" + text.strip()
    )
    for name, made in (("p.csv", csv_bytes(headings, rows)), ("p.xlsx", book)):
        _, outcome, _ = brought_in(made, name, over=plan)
        assert outcome.changes == []


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_template_is_importable_and_its_example_row_is_skipped(form):
    made = template_csv() if form == "csv" else template_xlsx()
    _, outcome, document = brought_in(made, f"voorbeeld.{form}")
    assert (document.sessions, outcome.changes, document.findings.repairs) == ([], [], [])

    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(made))
        sheet = book["Programma"]
        sheet.append(["Nieuw", "", datetime(2027, 1, 28), "9.30", "10u15"])
        assert book["Uitleg"].max_row == len(COLUMNS) + 1
        out = io.BytesIO()
        book.save(out)
        made = out.getvalue()
    else:
        made += b"Nieuw;;28-1-2027;9.30;10u15\r\n"
    plan, outcome, document = brought_in(made, f"voorbeeld.{form}")
    [session] = plan.sessions.values()
    assert (session.title, session.starts_at, session.ends_at) == (
        "Nieuw", datetime(2027, 1, 28, 8, 30, tzinfo=UTC), datetime(2027, 1, 28, 9, 15, tzinfo=UTC),
    )  # fmt: skip
    assert document.findings.repairs == []


def test_headings_have_aliases():
    rows = "TITLE,date , Start Time,eind,ROOM,track,onbekend\nGroen,2027-01-28,13:00,14:00,Linde,Groen,x\n"

    plan, _, document = brought_in(rows.encode(), "p.csv")

    [session] = plan.sessions.values()
    assert (session.title, plan.named(RecordKind.VENUE, session.venue)) == ("Groen", "Linde")
    assert [(each.line, each.what, each.was) for each in document.findings.repairs] == [
        (1, "kolom", "onbekend")
    ]


@pytest.mark.parametrize(
    ("hour", "offset"), [("2026-10-25T02:30:00+02:00", 0), ("2026-10-25T02:30:00+01:00", 1)]
)
def test_repeated_hour_round_trips_in_every_format(hour, offset):
    starts_at = datetime(2026, 10, 25, offset, 30, tzinfo=UTC)
    plan, _, document = brought_in(v1(event(date=hour, start="02:30")))
    [session] = plan.sessions.values()
    assert session.starts_at == starts_at
    assert document.findings.repairs == []

    made = csv_bytes(tables.headings(), tables.rows_of(plan))
    for name, content in [(each, written(plan, each)) for each in WRITERS] + [("p.csv", made)]:
        again, outcome, _ = brought_in(content, name, over=plan)
        assert outcome.changes == [], name
        assert [each.starts_at for each in again.sessions.values()] == [starts_at]


def test_ambiguous_time_without_offset_is_the_first_and_is_reported():
    plan, _, document = brought_in(v1(event(date="2026-10-25T02:30:00", start="02:30")))

    [session] = plan.sessions.values()
    assert session.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert [each.what for each in document.findings.repairs] == ["tijd die twee keer komt"]


def test_nonexistent_time_is_shifted_and_reported():
    plan, _, document = brought_in(v1(event(date="2027-03-28T02:30:00", start="02:30")))

    [session] = plan.sessions.values()
    assert session.starts_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert "tijd die niet bestaat" in [each.what for each in document.findings.repairs]


def test_a_session_past_midnight_belongs_to_the_evening_before():
    late = event(date="2027-01-29T00:30:00+01:00", start="00:30", duration="1:30")
    plan, _, _ = brought_in(v1(late))
    [session] = plan.sessions.values()

    [day] = json.loads(written(plan))["schedule"]["conference"]["days"]

    assert (day["date"], day["rooms"]["Zaal A"][0]["date"]) == ("2027-01-28", "2027-01-29T00:30:00+01:00")
    assert plan.named(RecordKind.ROUND, session.round) == "donderdag 28 januari"
    table = "Titel;Datum;Begin;Einde\nLaat;28-01-2027;23:30;0:45\n"
    [other] = brought_in(table.encode(), "p.csv")[0].sessions.values()
    assert other.ends_at - other.starts_at == timedelta(minutes=75)


def test_cancelled_session_is_absent_in_version_1_and_marked_in_version_2():
    plan, _ = one_of_everything(status=SessionStatus.CANCELLED)

    assert b"Wie ruimt" not in written(plan)
    assert b"Wie ruimt" not in written(plan, "v.xml")
    [said] = json.loads(written(plan, "v2.json"))["schedule"]["events"]
    assert said["state"] == "CANCELED"


def test_drafts_are_not_exported():
    plan, _ = one_of_everything(status=SessionStatus.DRAFT)

    assert [name for name in WRITERS if b"Wie ruimt" in written(plan, name)] == []


def documented(heading):
    page = (Path(__file__).parents[2] / "docs" / "exchange.md").read_text()
    return set(
        re.findall(r"^\| `([^`]+)` \|", page.split(f"## {heading}")[1].split("\n## ")[0], re.MULTILINE)
    )


def test_the_docs_name_every_field_and_every_column():
    assert documented("What becomes of each field") == set(FIELDS)
    assert documented("Columns of a table") == {column.heading for column in COLUMNS}


def test_the_docs_name_every_limit():
    page = (Path(__file__).parents[2] / "docs" / "exchange.md").read_text().split("## Limits")[1]
    said = {int(number.replace(",", "")) for number in re.findall(r"[0-9][0-9,]*", page.split("## ")[0])}

    real = {value for name, value in vars(limits).items() if name.startswith("MOST_")}
    assert said >= {value // 1_000_000 if value >= 1_000_000 else value for value in real}
