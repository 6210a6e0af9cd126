"""Import workflow: preview, all or nothing, idempotent."""

import json
import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.models import RoleGrant
from dagvandebuurt.programme.exchange import importing, jobs
from dagvandebuurt.programme.exchange.models import ImportStatus, ProgrammeImport
from dagvandebuurt.programme.models import (
    DraftEntry,
    Edition,
    ProgrammeRelease,
    ProgrammeSession,
    SessionStatus,
)
from tests.factories import START
from tests.programme.calendars import followed
from tests.programme.exchanging import SAMPLE, event, v1, wrong
from tests.programme.histories import as_file, versions

PAGE = "/organisatie/programma/inlezen"


@pytest.fixture
def edition(make, now):
    return make.edition()


@pytest.fixture
def roos(make, edition):
    return make.browser(make.person("Roos", roles=["organiser"]))


def post_file(browser, content, name):
    """Post a file as a browser does; by hand, so that no file of the test client stays open."""
    head = f'--grens\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--grens--\r\n"
    return browser.post(PAGE, data=body, content_type="multipart/form-data; boundary=grens")


def upload(browser, content, name="schedule.json"):
    """Send a file and wait until it is read; return the address of its page."""
    answer = post_file(browser, content, name)
    assert answer.status_code == 303, answer.text
    page = answer.headers["Location"]
    if len(content) > jobs.SMALL_BYTES:
        wait_for(lambda: not browser.get(f"{page}/voortgang").json["busy"])
    return page


def bring_in(browser, content, name="schedule.json", **choices):
    """Upload, preview and confirm; return the text of the page afterwards."""
    page = upload(browser, content, name)
    assert "Wat er zou veranderen" in browser.get(page).text
    answer = browser.post(
        f"{page}/bevestigen", data={"call_off": "1", "publish": "1", "note": "Nieuw", **choices}
    )
    assert answer.status_code == 303, answer.text
    return browser.get(page).text


def counted(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_import_is_previewed_and_stores_nothing_until_confirmed(make, roos, app):
    page = upload(roos, SAMPLE)

    shown = roos.get(page).text

    assert "schedule.json (1)" in shown
    assert re.search(r"<strong>36</strong>\s*nieuw", shown)
    assert "DemoCon" in shown  # the day is called otherwise: a choice
    with app.app_context():
        assert (counted(DraftEntry), counted(ProgrammeSession)) == (0, 0)

    roos.post(f"{page}/bevestigen", data={"publish": "0"})

    assert "Alles staat klaar" in roos.get(page).text
    with app.app_context():
        assert counted(DraftEntry, DraftEntry.kind == "session") == 36
        assert counted(ProgrammeSession) == 0
        assert db.session.scalars(select(ProgrammeImport)).one().content == b""


def test_j3_importing_twice_with_publishing_is_idempotent(roos, app, edition):
    assert "Het nieuwe programma staat op de site" in bring_in(roos, SAMPLE)

    again = roos.get(upload(roos, SAMPLE)).text

    assert "0 nieuw" in again
    assert "Er was niets nieuws" in bring_in(roos, SAMPLE)
    with app.app_context():
        assert counted(ProgrammeSession) == 36
        [release] = db.session.scalars(select(ProgrammeRelease))
        assert (release.number, release.note) == (2, "Nieuw")
        assert db.session.get_one(Edition, edition.id).title == "Dag van de Buurt"


def test_title_and_times_of_the_edition_change_only_when_chosen(roos, app, edition):
    bring_in(roos, SAMPLE, take_edition="1")

    with app.app_context():
        assert db.session.get_one(Edition, edition.id).title == "DemoCon"
    assert (
        json.loads(roos.get("/programma/schedule.json").data)["schedule"]["conference"]["title"] == "DemoCon"
    )


def test_publishing_at_once_asks_what_changed(roos):
    page = upload(roos, SAMPLE)

    answer = roos.post(f"{page}/bevestigen", data={"publish": "1", "note": "  "})

    assert answer.status_code == 422
    assert "Schrijf op wat er verandert" in answer.text


def test_one_invalid_line_rejects_the_whole_file(roos, app):
    table = "Titel;Datum;Begin;Einde\nGoed;28-01-2027;13:00;14:00\nFout;ooit;13:00;14:00\n"
    page = upload(roos, table.encode(), "p.csv")

    shown = roos.get(page).text
    assert "Dit moet eerst goed" in shown
    assert "Datum is niet te lezen" in shown
    assert "bevestigen" not in shown

    answer = roos.post(f"{page}/bevestigen", data={"publish": "1", "note": "x"})

    assert answer.status_code == 422
    with app.app_context():
        assert (counted(DraftEntry), counted(ProgrammeSession)) == (0, 0)


def test_missing_file_and_wrong_file_type_are_explained(roos):
    assert "Kies eerst een bestand" in roos.post(PAGE, data={}).text

    page = upload(roos, b"%PDF-1.7", "schedule.json")

    assert "Dit is geen JSON maar lijkt een PDF." in roos.get(page).text


def test_repairs_are_shown_with_their_line(roos):
    content = v1(event(links=["http://a.example"], duration="lang"))

    shown = roos.get(upload(roos, content)).text

    assert "2 dingen hersteld" in shown
    assert "adres in links" in shown
    assert re.search(r'<th scope="row">Regel \d+</th>', shown)


def test_sessions_gone_from_the_file_are_cancelled_only_when_chosen(roos, app):
    two = [event(title="Een"), event(title="Twee", guid="0f5a6d5e-0000-4000-8000-000000000002", id=2)]
    bring_in(roos, v1(*two))

    shown = roos.get(upload(roos, v1(two[0]))).text
    assert "1 sessie staat niet meer in het bestand" in shown
    assert "Er was niets nieuws" in bring_in(roos, v1(two[0]), call_off="0")
    assert statuses(app) == {"Een": "scheduled", "Twee": "scheduled"}

    bring_in(roos, v1(two[0]))
    assert statuses(app) == {"Een": "scheduled", "Twee": "cancelled"}

    bring_in(roos, v1(*two))
    assert statuses(app) == {"Een": "scheduled", "Twee": "scheduled"}


def statuses(app):
    with app.app_context():
        return {each.title: each.status.value for each in db.session.scalars(select(ProgrammeSession))}


def test_import_never_cancels_sessions_of_other_origin(make, roos, app, edition):
    make.session("Van ons", round=make.round(edition))

    bring_in(roos, v1(event(title="Van hen")))

    assert statuses(app) == {"Van ons": "scheduled", "Van hen": "scheduled"}


def test_changes_since_the_preview_are_shown_again_and_not_overwritten(make, roos, app, edition):
    page = upload(roos, v1(event()))
    bring_in(roos, v1(event(title="Intussen")))

    roos.post(f"{page}/bevestigen", data={"publish": "0"})

    shown = roos.get(page).text
    assert "Er is intussen iets bijgekomen" in shown
    assert statuses(app) == {"Intussen": "scheduled"}


def test_import_is_visible_to_its_uploader_only_and_expires_after_an_hour(make, roos, app, now, monkeypatch):
    page = upload(roos, SAMPLE)
    ada = make.browser(make.person("Ada", roles=["organiser"]))
    assert ada.get(page).status_code == 404
    assert ada.post(f"{page}/weg").status_code == 404

    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=61))
    jobs.import_programmes(app)

    assert roos.get(page).status_code == 404


def test_dismissed_import_is_deleted(roos, app):
    page = upload(roos, SAMPLE)

    roos.post(f"{page}/weg")

    with app.app_context():
        assert counted(ProgrammeImport) == 0


def test_import_of_a_dead_worker_is_resumed_once(roos, app, now, monkeypatch):
    monkeypatch.setattr(jobs, "work_on", lambda *_: None)
    page = upload(roos, v1(event()))
    waits = roos.get(page)
    assert waits.headers["Refresh"] == "2"
    assert "<progress" in waits.text
    assert roos.get(f"{page}/voortgang").json["busy"] is True
    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", lambda: now)
    with app.app_context(), transaction():
        db.session.scalars(select(ProgrammeImport)).one().state = ImportStatus.READING  # and then it stopped

    jobs.import_programmes(app)
    assert roos.get(f"{page}/voortgang").json["busy"] is True  # somebody may still be at it

    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=4))
    jobs.import_programmes(app)
    assert "Wat er zou veranderen" in roos.get(page).text


def confirmed_for_later(app, browser, monkeypatch):
    """Confirm an import that nobody works on yet."""
    page = upload(browser, v1(event()))
    monkeypatch.setattr(jobs, "work_on", lambda *_: None)
    browser.post(f"{page}/bevestigen", data={"publish": "1", "note": "Nieuw"})
    monkeypatch.undo()
    monkeypatch.setattr(clock, "now", lambda: START + timedelta(minutes=15))
    with app.app_context():
        assert db.session.scalar(select(ProgrammeImport.state)) == ImportStatus.CONFIRMED


@pytest.mark.parametrize(("loses_it", "sessions"), [(True, 0), (False, 1)])
def test_c9_a_confirmed_import_is_not_done_for_somebody_who_lost_the_right_meanwhile(
    roos, app, monkeypatch, loses_it, sessions
):
    confirmed_for_later(app, roos, monkeypatch)
    if loses_it:
        with app.app_context(), transaction():
            db.session.execute(delete(RoleGrant))

    jobs.import_programmes(app)

    with app.app_context():
        assert counted(ProgrammeSession) == sessions
        assert counted(ProgrammeRelease) == sessions


def test_large_file_is_read_in_the_background(roos, app):
    content = as_file(versions(0.6)[0])
    assert len(content) > jobs.SMALL_BYTES

    answer = post_file(roos, content, "schedule.json")
    page = answer.headers["Location"]
    assert roos.get(f"{page}/voortgang").json["busy"] is True
    wait_for(lambda: not roos.get(f"{page}/voortgang").json["busy"])

    assert re.search(r"<strong>\d+</strong>\s*nieuw", roos.get(page).text)


def wait_for(happened, seconds=60):
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_file_above_the_limit_is_refused_with_the_limit(roos, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.programme.exchange.exchange_routes.limits.MOST_BYTES", 2_000_000)

    answer = post_file(roos, b"x" * 2_200_000, "p.csv")

    assert answer.status_code == 413
    assert "Maximaal 2 MB" in answer.text


def test_import_may_exceed_the_normal_request_size_limit(roos):
    table = "Titel;Datum;Begin;Beschrijving\n" + "Lang;28-01-2027;13:00;{}\n".format("woord " * 300_000)

    page = upload(roos, table.encode(), "p.csv")

    assert "meer dan 60000 tekens" in roos.get(page).text


@pytest.mark.parametrize(
    ("path", "name"), [("json", "v1.json"), ("json?versie=2", "v2.json"), ("xml", "v.xml")]
)
def test_public_export_is_valid_and_cached(make, roos, edition, path, name):
    make.session("Van ons", round=make.round(edition))
    first = make.browser().get(f"/programma/schedule.{path}")

    assert wrong(first.data, name) == []
    assert "Van ons" in first.text
    again = make.browser().get(
        f"/programma/schedule.{path}", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")

    bring_in(roos, v1(event(title="Nieuw")))
    assert "Nieuw" in make.browser().get(f"/programma/schedule.{path}").text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_reimporting_an_exported_table_changes_nothing(make, roos, edition, form):
    make.session("Van ons", round=make.round(edition))
    taken = roos.get(f"/organisatie/programma/programma.{form}").data

    shown = roos.get(upload(roos, taken, f"p.{form}")).text

    assert "0 nieuw: alles staat er al zo." in shown
    assert roos.get(f"/organisatie/programma/voorbeeld.{form}").status_code == 200


def test_uids_are_stable_over_six_versions_and_calendars_follow(make, roos, app):
    """F6. The history of a large congress, a fifteenth of its size; read with ical.js."""
    feeds, truths = [], []
    for number, events in enumerate(versions(1 / 15), start=1):
        bring_in(roos, as_file(events, str(number)))
        feeds.append(make.browser().get("/programma.ics").data)
        with app.app_context():
            truths.append({
                str(each.id): (each.starts_at, each.status, each.title)
                for each in db.session.scalars(select(ProgrammeSession))
            })  # fmt: skip
            there = {each["title"] for each in events}
            held = {
                title for _start, status, title in truths[-1].values() if status is SessionStatus.SCHEDULED
            }
            assert held == there

    calendars = [each["events"] for each in followed(*feeds)]
    moved = called_off = 0
    for before, after in zip([{}, *calendars], calendars, strict=False):
        assert before.keys() <= after.keys()  # nobody's UID is lost
        for uid, entry in after.items():
            assert entry["sequence"] >= before.get(uid, entry)["sequence"]
            is_moved = uid in before and before[uid]["start"] != entry["start"]
            is_off = uid in before and before[uid]["status"] != entry["status"] == "CANCELLED"
            assert not (is_moved or is_off) or entry["sequence"] > before[uid]["sequence"]
            moved, called_off = moved + is_moved, called_off + is_off
    assert moved >= 3
    assert called_off > 5
    for calendar, truth in zip(calendars, truths, strict=True):
        assert {uid.partition("@")[0] for uid in calendar} == set(truth)
        for uid, entry in calendar.items():
            starts_at, status, title = truth[uid.partition("@")[0]]
            assert entry["start"] == starts_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
            assert entry["title"] == title
            assert entry["status"] == ("CANCELLED" if status is SessionStatus.CANCELLED else "CONFIRMED")


def test_refused_publication_stores_nothing_of_the_file(make, roos, app, monkeypatch):
    from dagvandebuurt.programme.errors import CannotBePublished

    def refuse(*_args, **_more):
        raise CannotBePublished(titles=["Samen groen"])

    monkeypatch.setattr(importing.rules, "publish", refuse)

    shown = bring_in(roos, v1(event()))

    assert "Dit programma klopt nog niet" in shown
    with app.app_context():
        assert (counted(DraftEntry), counted(ProgrammeSession)) == (0, 0)
