"""Import preview: the affected edition, each session as parsed, and no destructive defaults."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import ProgrammeSession
from tests.programme.exchanging import event, v1
from tests.programme.real_files import GUIDS, table, workbook, xml, xml_event
from tests.programme.test_exchange_importing import PAGE, bring_in, upload

HEAD = "Titel;Datum;Begin;Einde;Zaal;Sprekers"


@pytest.fixture
def edition(make, now):
    return make.edition()


@pytest.fixture
def roos(make, edition):
    return make.browser(make.person("Roos", roles=["organiser"]))


def seen(page):
    """Return the text of a page."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def statuses(app):
    with app.app_context():
        return {each.title: each.status.value for each in db.session.scalars(select(ProgrammeSession))}


def test_affected_edition_is_named_before_and_after(roos, edition):
    page = upload(roos, v1(event()))

    for shown in (roos.get(PAGE), roos.get(page)):
        assert "de editie die nu op de site staat" in seen(shown)
        assert edition.title in shown.text
    assert f"Zo inlezen in {edition.title}?" in seen(roos.get(page))
    roos.post(f"{page}/bevestigen", data={"publish": "0"})
    assert f"In de editie: {edition.title}" in seen(roos.get(page))


def test_hidden_edition_is_marked(make, roos, edition):
    later = make.edition(
        title="Volgend jaar", status=EditionStatus.DRAFT, starts_at=edition.starts_at + timedelta(days=365),
        ends_at=edition.ends_at + timedelta(days=365),
    )  # fmt: skip
    roos.post(f"/organisatie/programma/edities/{later.id}/kiezen")

    shown = seen(roos.get(upload(roos, v1(event()))))

    assert "een editie die bezoekers nog niet zien: Volgend jaar" in shown
    assert "Alle sessies vallen buiten de dag van deze editie" in shown


def test_preview_shows_each_session_as_parsed(roos):
    rows = table(HEAD, "Welkom;do 28 jan 2027;13u;13.45;Zaal 1;Ada Voorbeeld")

    shown = seen(roos.get(upload(roos, rows, "p.csv")))

    assert (
        "Welkom donderdag 28 januari 2027 , 13.00 tot 13.45 uur (45 min), Zaal 1 Sprekers: Ada Voorbeeld"
        in shown
    )


def test_preview_shows_old_and_new_time_of_moved_sessions(roos):
    bring_in(roos, v1(event(), event(guid=GUIDS[2], id=2, title="Blijft")))

    later = event(date="2027-01-28T15:00:00+01:00", start="15:00")
    shown = seen(roos.get(upload(roos, v1(later, event(guid=GUIDS[2], id=2, title="Blijft")))))

    assert "15.00 tot 15.45 uur" in shown
    assert "Nu: donderdag 28 januari , 13.00 tot 13.45 uur" in shown
    assert "1 sessie blijft zo" in shown


def test_warnings_come_first_with_their_row(roos):
    rows = table(
        HEAD, "Goed;28-1-2027;13:00;13:45;;", "Lang;28-1-2027;13:00;22:00;;", "Nacht;28-1-2027;3:00;4:00;;"
    )

    shown = seen(roos.get(upload(roos, rows, "p.csv")))

    assert "Klopt dit? 2 sessies zijn opvallend" in shown
    assert shown.index("Duurt langer dan zes uur.") < shown.index("Zo inlezen in")
    assert "Begint in de nacht." in shown
    assert "Rij 4" in shown


def test_errors_have_row_session_and_correct_example(roos):
    rows = table(HEAD, "Goed;28-1-2027;13:00;13:45;;", 'Mooi;morgen;13:00;13:45;;"a\nb"')

    shown = seen(roos.get(upload(roos, rows, "p.csv")))

    assert "Rij 3 Mooi Datum is niet te lezen morgen 28-01-2027" in shown


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (v1(), "schedule.json"), (xml(), "schedule.xml"), (xml(hall="{}"), "schedule.xml"), (table(HEAD), "p.csv"),
        (workbook(("B", [HEAD.split(";")])), "p.xlsx"),
    ],
    ids=["json", "xml", "day", "csv", "xlsx"],
)  # fmt: skip
def test_file_without_sessions_is_always_an_error(roos, app, content, name):
    assert "staat geen enkele sessie" in roos.get(upload(roos, content, name)).text

    bring_in(roos, v1(event()))
    assert "staat geen enkele sessie" in roos.get(upload(roos, content, name)).text
    assert statuses(app) == {"Samen groen": "scheduled"}


def test_cancelling_is_offered_per_session_unticked(roos, app):
    three = [
        xml_event(title, guid=guid, number=number)
        for number, (title, guid) in enumerate(zip(["Een", "Twee", "Drie"], GUIDS, strict=False), 1)
    ]
    bring_in(roos, xml(*three), "schedule.xml")
    page = upload(roos, xml(three[0]), "schedule.xml")
    shown = roos.get(page).text

    boxes = re.findall(r'<input type="checkbox" name="call_off" value="([^"]+)"([^>]*)>', shown)
    assert boxes[0][0] == "1"
    assert len(boxes) == 3
    assert not any("checked" in rest for _value, rest in boxes)
    two = re.search(r'value="([^"]+)"><span>Afzeggen: Twee', shown)[1]

    roos.post(f"{page}/bevestigen", data={"publish": "1", "note": "x", "call_off": two})

    assert statuses(app) == {"Een": "scheduled", "Twee": "cancelled", "Drie": "scheduled"}


def test_confirmation_without_ticks_cancels_nothing(roos, app):
    bring_in(roos, v1(event(title="Een"), event(title="Twee", guid=GUIDS[2], id=2)))
    page = upload(roos, v1(event(title="Een")))

    roos.post(f"{page}/bevestigen", data={"publish": "1", "note": "x"})

    assert statuses(app) == {"Een": "scheduled", "Twee": "scheduled"}
    page = upload(roos, v1(event(title="Een")))  # and it could have been
    roos.post(f"{page}/bevestigen", data={"publish": "1", "note": "x", "call_off": "1"})
    assert statuses(app) == {"Een": "scheduled", "Twee": "cancelled"}
