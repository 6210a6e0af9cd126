"""Attendance figures match a recount, and the exports match the database cell by cell."""

import io
import random
import re
import zipfile
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select

from dagvandebuurt.attendance.models import CountedVisit, Inside, Visit
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import ParticipantRole
from tests.organisation.files import as_csv, as_xlsx, with_names

NAMES = ["=1+1", "+31 6 12345678", "@x", "a\tb", "twee\nregels", "👨‍👩‍👧 familie", 'Jan; "de Lange"', "007", "-cmd|' /C calc'!A0", "https://evil.example"]  # fmt: skip
DAY = "/organisatie/aanwezigheid"


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Roos", roles=["organiser"]))


@pytest.fixture
def beside(make, session):
    """A concurrent session of the same day."""
    same = SimpleNamespace(id=session.round_id, edition_id=session.edition_id)
    values = {"starts_at": session.starts_at, "ends_at": session.ends_at}
    return lambda title, **more: make.session(title, round=same, **(values | more))


def visit(session, person, first, last):
    start = session.starts_at
    return Visit(
        session_id=session.id, person_id=person.id,
        first_seen_at=start + timedelta(minutes=first), last_seen_at=start + timedelta(minutes=last),
    )  # fmt: skip


def numbers_on(page):
    return dict(re.findall(r'data-number="([^"]+)">([^<]*)<', page))


def test_f2_the_figures_match_an_independent_count(app, make, organiser, session, beside, now):
    dice = random.Random(3)
    sessions = [session, beside("Tweede"), beside("Derde")]
    people = [make.person(f"Buur {number}") for number in range(12)]
    visits = []
    for each in sessions:
        for number, person in enumerate(people):
            for _ in range(dice.randint(0, 3)):
                first = each.starts_at + timedelta(seconds=dice.randint(-900, 890))
                seen = {
                    "session_id": each.id,
                    "first_seen_at": first,
                    "last_seen_at": min(first + timedelta(seconds=dice.randint(0, 900)), now),
                }
                if number < 3:
                    visits.append(CountedVisit(visitor_key=f"sleutel {number}", **seen))
                else:
                    visits.append(Visit(person_id=person.id, **seen))
    here = {
        (v.session_id, getattr(v, "person_id", None) or v.visitor_key)
        for v in visits
        if v.last_seen_at >= now - timedelta(seconds=90)
    }
    make.store(
        *visits,
        *(Inside(session_id=room, visitor_key=str(who)[:22], seen_at=now) for room, who in here),
        *(
            Inside(session_id=each.id, visitor_key="weg", seen_at=now - timedelta(seconds=91))
            for each in sessions
        ),
    )

    shown = numbers_on(organiser.get(DAY).text)
    told = organiser.get(f"{DAY}.json").get_json()

    with app.app_context():
        kept = [
            *db.session.execute(select(Visit.session_id, Visit.person_id, Visit.last_seen_at)),
            *db.session.execute(
                select(CountedVisit.session_id, CountedVisit.visitor_key, CountedVisit.last_seen_at)
            ),
        ]
    total = 0
    for each in sessions:
        visitors = len({who for room, who, _ in kept if room == each.id})
        present = len(
            {who for room, who, last in kept if room == each.id and last >= now - timedelta(seconds=90)}
        )
        mine = [v for v in visits if v.session_id == each.id]
        who = lambda v: getattr(v, "person_id", None) or v.visitor_key  # noqa: E731
        peak = max(
            len({who(v) for v in mine if v.first_seen_at <= at <= v.last_seen_at})
            for at in {v.first_seen_at for v in mine}
        )
        assert (shown[f"{each.slug}/present"], shown[f"{each.slug}/visitors"]) == (
            str(present),
            str(visitors),
        )
        assert shown[f"{each.slug}/peak"] == str(peak)
        assert {k: str(v) for k, v in told["sessions"][each.slug].items()} == {
            name: shown[f"{each.slug}/{name}"] for name in ("present", "visitors", "peak", "minutes")
        }
        assert (
            f'<td data-label="Waren er" class="number">{visitors}</td>' in organiser.get("/organisatie").text
        )
        total += present
    assert total > 0
    assert told["said"] == f"Nu zijn er {total} mensen in de zalen."


def test_the_number_of_queries_does_not_grow(app, make, organiser, session, beside):
    def queries(path):
        asked = []
        with app.app_context():
            engine = db.engine
        note = lambda *args: asked.append(args[2])  # noqa: E731
        app.extensions.pop("attendance_figures", None)  # what was cached a moment ago
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert organiser.get(path).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    paths = (
        DAY,
        f"{DAY}.json",
        f"{DAY}.csv",
        f"{DAY}/mensen.xlsx",
        f"/organisatie/sessies/{session.slug}/aanwezigheid",
    )
    make.store(visit(session, make.person("Een"), 0, 9))
    queries(DAY)  # reads what is kept for a while: the name and colours of the event
    one = [queries(path) for path in paths]
    for title in ("Tweede", "Derde"):
        here = beside(title)
        make.store(*(visit(here, make.person(f"{title} {n}"), 0, 9) for n in range(20)))
    make.store(*(visit(session, make.person(f"Meer {n}"), 0, 9) for n in range(20)))

    assert [queries(path) for path in paths] == one


def test_concurrent_organisers_share_one_count(app, make, organiser, session, now, monkeypatch):
    make.store(visit(session, make.person("Een"), 0, 9))
    assert organiser.get(f"{DAY}.json").get_json()["sessions"][session.slug]["visitors"] == 1
    make.store(visit(session, make.person("Twee"), 0, 9))

    for seconds, visitors in ((4, 1), (5, 2)):
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(seconds=seconds))  # noqa: B023
        told = organiser.get(f"{DAY}.json").get_json()
        assert told["sessions"][session.slug]["visitors"] == visitors


def test_the_average_and_the_roles_of_one_session(make, organiser, session):
    crowd = [make.person(f"Bewoner {n}", role=ParticipantRole.RESIDENT) for n in range(11)]
    lonely = make.person("Ben", role=ParticipantRole.ADMINISTRATOR)
    make.store(
        *(visit(session, person, 0, 10) for person in crowd),
        visit(session, lonely, 0, 5), visit(session, lonely, 3, 10),
        CountedVisit(
            session_id=session.id, visitor_key="k", first_seen_at=session.starts_at,
            last_seen_at=session.starts_at + timedelta(minutes=23),
        ),
    )  # fmt: skip

    page = organiser.get(f"/organisatie/sessies/{session.slug}/aanwezigheid").text

    assert "<strong>13</strong>waren er" in page
    assert "<strong>11</strong>minuten gemiddeld" in page  # (12 x 10 + 23) / 13
    assert "1 persoon telt alleen mee, zonder naam." in page
    assert "Minder dan 10: Bestuurder of raadslid." in page
    assert re.search(r'bars__number">11[ <]', page)
    assert "Ben" in page


def test_old_sessions_show_the_stored_count(make, organiser, session, beside):
    old = beside("Lang geleden", visitors=37)

    shown = numbers_on(organiser.get(DAY).text)

    assert (shown[f"{old.slug}/visitors"], shown[f"{old.slug}/peak"], shown[f"{old.slug}/minutes"]) == (
        "37",
        "–",
        "–",
    )
    assert (shown[f"{session.slug}/visitors"], shown[f"{session.slug}/peak"]) == ("0", "–")
    page = organiser.get(f"/organisatie/sessies/{old.slug}/aanwezigheid").text
    assert "Er staat niemand op de lijst." in page


@pytest.fixture
def hostile(make, session, beside):
    """People with formula-injection names, in two sessions, of which one has such a title."""
    other = beside("=HYPERLINK(1)")
    people = [make.person(name) for name in NAMES]
    make.store(
        *(visit(session, person, 0, 3 + number) for number, person in enumerate(people)),
        *(visit(other, person, 1, 7) for person in people[::2]),
    )
    return session, other, people


def test_f3_a_row_for_each_person_comes_back_cell_by_cell(organiser, hostile):
    session, other, people = hostile
    first, last = sorted([session, other], key=lambda each: each.title)
    expected = [
        [
            person.name, person.email, "Bewoner", False, 2 if number % 2 == 0 else 1,
            max(7, 3 + number) if number % 2 == 0 else 3 + number,  # overlapping visits count once
            *({session.id: 3 + number, other.id: 6 if number % 2 == 0 else None}[each.id] for each in (first, last)),
        ]
        for number, person in sorted(enumerate(people), key=lambda each: each[1].name)
    ]  # fmt: skip

    rows = as_xlsx(with_names(organiser, f"{DAY}/mensen.xlsx"))

    assert rows[0][4:-1] == ["Sessies", "Minuten samen", f"13.00 {first.title}", f"13.00 {last.title}"]
    assert [row[:-1] for row in rows[1:]] == expected
    told = as_csv(with_names(organiser, f"{DAY}/mensen.csv"))
    assert [[cell.removeprefix("'") for cell in row[:-1]] for row in told[1:]] == [
        [
            "" if cell is None else {False: "nee"}.get(cell, str(cell)) if cell is False else str(cell)
            for cell in row
        ]
        for row in expected
    ]
    assert "+31 6 12345678" in [row[0] for row in told]  # not damaged


def test_f3_a_row_for_each_person_in_each_session_comes_back_cell_by_cell(organiser, hostile):
    session, _, people = hostile
    by_name = sorted(enumerate(people), key=lambda each: each[1].name)
    start = local(session.starts_at).replace(tzinfo=None)
    path = f"/organisatie/sessies/{session.slug}/aanwezigheid"

    rows = as_xlsx(with_names(organiser, f"{path}.xlsx"))

    assert [row[:-1] for row in rows[1:]] == [
        [
            session.title,
            person.name,
            person.email,
            "Bewoner",
            False,
            start,
            start + timedelta(minutes=3 + n),
            3 + n,
        ]
        for n, person in by_name
    ]
    told = as_csv(with_names(organiser, f"{path}.csv"))
    assert [(row[1].removeprefix("'"), row[7]) for row in told[1:]] == [
        (p.name, str(3 + n)) for n, p in by_name
    ]
    assert len(as_xlsx(with_names(organiser, f"{DAY}.xlsx"))) == 1 + 10 + 5


@pytest.mark.parametrize("path", [f"{DAY}.xlsx", f"{DAY}/mensen.xlsx"])
def test_f4_no_file_holds_a_formula_or_a_link(organiser, hostile, path):
    with zipfile.ZipFile(io.BytesIO(with_names(organiser, path).data)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
        assert not any("externalLink" in name for name in parts.namelist())

    assert b"evil.example" in everything
    for sign in (b"<f>", b"<f ", b"hyperlink", b"TargetMode"):
        assert sign not in everything


@pytest.mark.parametrize("path", [f"{DAY}.csv", f"{DAY}/mensen.csv"])
def test_f4_no_cell_of_a_csv_begins_like_a_formula(organiser, hostile, path):
    cells = [cell for row in as_csv(with_names(organiser, path)) for cell in row]

    assert "'=1+1" in cells
    assert [cell for cell in cells if cell[:1] in tuple("=@\t\r-") or re.match(r"\+\D", cell)] == []
