"""The end of an organisation: announced long before, and afterwards the public record and no person."""

import itertools
import shutil
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select, text, update

from dagvandebuurt import cli
from dagvandebuurt.closing import commands
from dagvandebuurt.core import clock, running
from dagvandebuurt.core.db import db
from dagvandebuurt.core.models import Base
from dagvandebuurt.frontdoor.releases import newest_migration
from dagvandebuurt.parts.keys import remember
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.lifecycle import dissolution, erasure
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import Edition, Speaker
from dagvandebuurt.registration.models import CustomQuestion
from tests.archive.conftest import AFTERWARDS, PUBLIC_URL, fill
from tests.conftest import test_settings
from tests.factories import Factory
from tests.houses import empty_tables, house
from tests.people.test_privacy import Canaries, bytes_of

THE_DAY = date(2027, 6, 1)
THEN = AFTERWARDS + timedelta(days=120)
# Personal columns whose words may stay, and of which rows: what every visitor could read.
MAY_STAY = {
    "caption_line.text": "of a recording",
    "comment.text": "status = 'visible'",
    "follow_up.title": "status = 'answered'",
    "follow_up.body": "status = 'answered'",
    "follow_up_event.note": "deed NOT IN ('propose', 'withdraw', 'confirm', 'reopen')",
    "initiative.title": "status = 'published'",
    "initiative.summary": "status = 'published'",
    "initiative.what": "status = 'published'",
    "initiative.need_it_met": "status = 'published'",
    "initiative.costs": "status = 'published'",
    "initiative.what_went_wrong": "status = 'published'",
    "initiative.tip": "status = 'published'",
    "initiative.led_by_name": "led_by_id IS NOT NULL",
    "learning_offer.title": "status = 'published'",
    "learning_offer.summary": "status = 'published'",
    "learning_offer.provider_name": "provider_id IS NOT NULL",
    "learning_offer.cost": "status = 'published'",
    "learning_offer.duration": "status = 'published'",
    "learning_offer.url": "status = 'published'",
    "learning_question.title": "status = 'visible'",
    "learning_question.detail": "status = 'visible'",
    "poll_answer.text": "is_shown",
    "question.text": "status IN ('visible', 'answered')",
    "stage_source.captions": "of a recording",
}


@contextmanager
def organisation(settings, monkeypatch):
    """An organisation with people in it, whose editions are closed for good, long after their days."""
    monkeypatch.setattr(clock, "now", lambda: AFTERWARDS)
    monkeypatch.setattr(erasure, "BREATH", 0)
    with house(settings) as app:
        make = Factory(app)
        there = fill(app, make)
        with app.app_context():
            db.session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
            db.session.execute(text("INSERT INTO alembic_version VALUES (:at)"), {"at": newest_migration()})
            db.session.commit()
            remember()
            db.session.execute(update(Edition).values(status=EditionStatus.ARCHIVED))
            db.session.commit()
        monkeypatch.setattr(commands, "_app", lambda: app)
        yield app, make, there, Path(settings["DATA_FOLDER"])


@pytest.fixture
def ends(tmp_path, tables, monkeypatch):
    folder = tmp_path / "event"
    folder.mkdir()
    shutil.copy(tables, folder)
    with organisation(test_settings(folder, PUBLIC_URL=PUBLIC_URL), monkeypatch) as there:
        yield there


@pytest.fixture
def ends_on_postgres(tmp_path, postgres_tables, monkeypatch):
    empty_tables(postgres_tables)
    settings = test_settings(tmp_path / "event", PUBLIC_URL=PUBLIC_URL, DATABASE_URL=postgres_tables)
    with organisation(settings, monkeypatch) as there:
        yield there


def run(*words, name="Dag van 2027"):
    return CliRunner().invoke(cli.main, ["dissolve", *map(str, words)], input=f"{name}\n")


def count(app, *what):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(*what))


def counts(app):
    with app.app_context():
        return {
            t.name: db.session.scalar(select(func.count()).select_from(t))
            for t in Base.metadata.sorted_tables
        }


def later(monkeypatch, moment=THEN):
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_nobody_is_erased_that_was_not_told_a_month_before(ends, monkeypatch, tmp_path):
    app, _make, _there, _folder = ends
    before = count(app, Person)

    unannounced = run("--backup", tmp_path / "b")
    too_soon = run("--announce", AFTERWARDS.date() + timedelta(days=20))
    told = run("--announce", THE_DAY)
    not_yet = run("--backup", tmp_path / "b")

    assert "announce it first" in unannounced.output
    assert "30 days to take their data along" in too_soon.output
    assert (told.exit_code, "1 people are told" in told.output) == (0, True)
    assert f"announced for {THE_DAY}" in not_yet.output
    assert count(app, Person) == before
    assert not (tmp_path / "b").exists()


def test_everybody_with_an_address_is_mailed_once_and_every_visitor_reads_it(ends):
    app, make, there, _folder = ends
    make.person("Engels Iemand", email="english@buurt.example", language="en")
    make.guest("Gast")
    run("--announce", THE_DAY)
    again = run("--announce", THE_DAY)

    with app.app_context():
        mails = {mail.to: mail for mail in db.session.scalars(select(Mail))}
    page = make.browser(there["noor"]).get("/lessen")

    assert again.exit_code == 0
    assert set(mails) == {"noor@buurt.example", "english@buurt.example"}
    assert "1 juni 2027" in mails["noor@buurt.example"].text
    assert "we erase all accounts" in mails["english@buurt.example"].text
    assert "Deze organisatie stopt." in page.text
    assert "/mijn/gegevens" in page.text


def test_it_can_be_called_off(ends):
    app, make, _there, _folder = ends
    nothing = run("--call-off")
    run("--announce", THE_DAY)
    off = run("--call-off")

    assert "no end was announced" in nothing.output
    assert (off.exit_code, count(app, Mail)) == (0, 2)
    assert "Deze organisatie stopt." not in make.browser().get("/lessen").text


@pytest.mark.parametrize("values", [{"status": EditionStatus.OPEN}, {"opens_at": THEN}])
def test_it_is_refused_while_an_edition_is_open_or_opens_by_itself(ends, monkeypatch, tmp_path, values):
    app, _make, there, _folder = ends
    run("--announce", THE_DAY)
    with app.app_context():
        db.session.execute(update(Edition).where(Edition.id == there["before"].id).values(**values))
        db.session.commit()
    later(monkeypatch)
    before = counts(app)

    announced, carried_out = run("--announce", date(2028, 1, 1)), run("--backup", tmp_path / "b")

    for refused in (announced, carried_out):
        assert (refused.exit_code, "Dag van 2026 is open" in refused.output) == (1, True)
    assert counts(app) == before


def test_another_name_or_a_running_server_stops_it(ends, monkeypatch, tmp_path):
    app, _make, _there, folder = ends
    run("--announce", THE_DAY)
    later(monkeypatch)
    before = counts(app)

    wrong = run("--backup", tmp_path / "b", name="Dag van 2026")
    with running.hold(folder):
        beside = run("--backup", tmp_path / "b")
    (tmp_path / "een bestand").write_text("x")
    no_backup = run("--backup", tmp_path / "een bestand" / "map")

    assert "that is not its name" in wrong.output
    assert "a server runs" in beside.output
    assert "no backup was made" in no_backup.output
    assert counts(app) == before


def empty(value):
    return value in (None, "", [], {}, b"")


@pytest.mark.parametrize("database", ["ends", "ends_on_postgres"], ids=["sqlite", "postgres"])
def test_afterwards_no_personal_column_holds_anything_but_what_was_published(
    request, database, monkeypatch, tmp_path
):
    app, make, there, folder = request.getfixturevalue(database)
    session = make.session(
        "De laatste",
        round=make.round(there["edition"]),
        starts_at=AFTERWARDS,
        ends_at=AFTERWARDS + timedelta(hours=1),
    )
    monkeypatch.setattr("tests.people.test_privacy.NUMBERS", itertools.count(1000))
    make.theme()
    make.alarm(session)
    make.group(session)
    make.mailing(session)
    make.stand(session.edition_id)
    make.store(
        CustomQuestion(
            edition_id=session.edition_id, position=1, kind="text", label="Wat?", options=[],
            is_required=False, keep_days=0,
        )
    )  # fmt: skip
    people = [Canaries(app, make, session, bird) for bird in ("merel", "spreeuw")]
    make.report(session, there["noor"], note="merel klaagde")
    make.store(Speaker(code="nooit", name="Nooit Getoond", function="", bio="Iets over hem"))
    run("--announce", THE_DAY)
    later(monkeypatch)

    done = run("--backup", tmp_path / "kopie")

    assert done.exit_code == 0, done.output
    assert "nothing personal is left" in done.output
    assert count(app, Person) == 0
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if "personal" in column.info:
                    stays = MAY_STAY.get(f"{table.name}.{column.name}")
                    rows = select(column)
                    if stays and " " in stays and not stays.startswith("of "):
                        rows = rows.where(text(f"NOT ({stays})"))
                    held = [value for value in db.session.scalars(rows) if not empty(value)]
                    assert held == [], (table.name, column.name)
                if any(key.column.table is Person.__table__ for key in column.foreign_keys):
                    assert set(db.session.scalars(select(column))) <= {None}, (table.name, column.name)
    raw = bytes_of(app, folder)
    for word in {word for person in people for word in person.words} | {
        "Noor Bakker",
        "noor@buurt.example",
        "Nooit Getoond",
        "Pietje",
    }:
        assert word.encode() not in raw, word
    assert [path.stem for path in Path(app.config["KEY_FOLDER"]).glob("*.key")] == [str(dissolution.KEY)]
    assert len(list((tmp_path / "kopie").glob("*.zip"))) == 2


def test_afterwards_the_public_pages_still_read_and_nothing_can_be_sent(ends, monkeypatch, tmp_path):
    app, make, there, _folder = ends
    run("--announce", THE_DAY)
    later(monkeypatch)
    assert run("--backup", tmp_path / "kopie").exit_code == 0
    browser = make.browser()

    def get(path):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        return answer.text

    assert "Joke de Wit" in get("/sessies/samen-groen")
    assert "De gemeente, in maart." in get("/sessies/samen-groen/live")
    assert '<span class="support__count" data-part="support">7</span>' in get("/sessies/samen-groen/live")
    assert "Wie snoeit de haag?" in get(f"/vragen/{there['asked'].id}")
    lesson = get("/lessen/een-nee")
    assert "Bij ons ook zo." in lesson
    assert "Een deelnemer" in lesson
    assert "Noor Bakker" not in lesson
    assert "In maart staat het er." in get("/agenda/1")
    assert "Deze site is gestopt." in get("/wijkwijzer/voorbeelden/soepbus")
    assert "Cursus groepen leiden" in get("/wijkwijzer/aanbod")
    assert "Oud nieuws" in get("/programma/2026")
    for path in (
        "/gast",
        "/aanmelden",
        "/inloggen",
        "/lessen/een-nee/reacties",
        "/wijkwijzer/leervragen/stel",
    ):
        assert (
            browser.post(path, data={"name": "Nieuw", "email": "n@buurt.example", "text": "x"}).status_code
            == 410
        )
    assert browser.post("/taal", data={"taal": "en", "verder": "/"}).status_code == 303
    assert count(app, Person) == 0
    assert "has stopped already" in run("--backup", tmp_path / "nog een").output


def test_what_was_broken_off_is_finished_by_the_same_command(ends, monkeypatch, tmp_path):
    app, make, _there, _folder = ends
    for number in range(5):
        make.person(f"Iemand {number}")
    run("--announce", THE_DAY)
    later(monkeypatch)
    erase, done = erasure.erase, []

    def killed(person_id, *, now):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(person_id)
        erase(person_id, now=now)

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "erase", killed)
        assert run("--backup", tmp_path / "kopie").exit_code != 0
    assert count(app, Person) > 0
    assert (
        make.browser().post("/gast", data={"name": "Nieuw"}).status_code == 410
    )  # nobody comes in meanwhile
    assert "finish it" in run("--call-off").output

    assert run("--backup", tmp_path / "kopie 2").exit_code == 0
    assert count(app, Person) == 0


def test_somebody_who_cannot_be_erased_is_not_called_done(ends, monkeypatch, tmp_path):
    app, _make, _there, _folder = ends
    run("--announce", THE_DAY)
    later(monkeypatch)

    def broken(_person_id, *, now):
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "erase", broken)
        refused = run("--backup", tmp_path / "kopie")

    assert (refused.exit_code, "not everything could be erased" in refused.output) == (1, True)
    with app.app_context():
        assert dissolution.current().done_at is None


@pytest.mark.usefixtures("ends")
def test_a_column_that_no_section_empties_is_found(monkeypatch, tmp_path):
    monkeypatch.setattr(dissolution, "PUBLISHED", {})
    run("--announce", THE_DAY)
    later(monkeypatch)

    refused = run("--backup", tmp_path / "kopie")

    assert "question.text" in refused.output
    assert refused.exit_code == 1


def test_a_day_that_is_none_is_refused():
    assert "is no day" in run("--announce", "morgen").output
    assert "Give one of" in run().output
