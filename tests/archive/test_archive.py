"""The archive of an edition: whole, closed in itself, of what every visitor reads, and there or not there."""

import errno
import hashlib
import io
import json
import os
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner
from flask import request

from dagvandebuurt import cli
from dagvandebuurt.archive import building, routes
from dagvandebuurt.archive.errors import ArchiveProblem
from dagvandebuurt.archive.rewriting import rewritten
from dagvandebuurt.archive.site import Site
from dagvandebuurt.core.archiving import MARK
from dagvandebuurt.core.db import db
from dagvandebuurt.people.models import LoginSession
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.models import Edition
from tests.archive.conftest import PUBLIC_URL


@pytest.fixture
def few(monkeypatch):
    """Only some of the pages: enough to see whether an archive is put in its place."""
    pages = [("/", ()), ("/programma", ()), ("/agenda/1", ())]
    monkeypatch.setattr(building, "addresses_of", lambda _edition: pages)


class Seen(HTMLParser):
    """What a page refers to, and what is in it that needs a server."""

    def __init__(self, path):
        super().__init__()
        self.links, self.tags = [], set()
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.add(tag)
        self.links += [given[name] for name in ("href", "src", "action", "srcset") if given.get(name)]


def pages_of(folder):
    return sorted(folder.rglob("*.html"))


def words_of(folder, page):
    return (folder / page).read_text()


def files_of(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_every_link_leads_to_a_file_of_the_archive_or_to_another_site(made):
    dead = []
    for page in pages_of(made):
        for link in Seen(page).links:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https", "mailto", "tel") and not link.startswith(PUBLIC_URL):
                continue
            if not parts.path:
                continue  # on the same page
            if parts.scheme or link.startswith("/") or not (page.parent / unquote(parts.path)).is_file():
                dead.append((page.relative_to(made).as_posix(), link))

    assert len(pages_of(made)) > 50
    assert dead == []


def test_every_anchor_is_on_its_page(made):
    dead = []
    for page in pages_of(made):
        for link in Seen(page).links:
            parts = urlsplit(link)
            if parts.fragment and not parts.scheme:
                there = (page.parent / unquote(parts.path) if parts.path else page).read_text()
                if f'id="{unquote(parts.fragment)}"' not in there:
                    dead.append((page.relative_to(made).as_posix(), link))

    assert dead == []


def test_nothing_on_a_page_needs_a_script_or_a_server(made):
    needs = {tag for page in pages_of(made) for tag in Seen(page).tags}

    assert needs & {"script", "form", "iframe", "input", "video", "template", "textarea"} == set()


def test_it_holds_the_year_and_what_goes_on_in_both_languages(made):
    for language in ("nl", "en"):
        for page, said in (
            ("programma", "Samen groen"),
            ("sessies/samen-groen", "Joke de Wit"),
            ("sessies/samen-groen/live", "De gemeente, in maart."),
            ("sprekers/joke", "Samen groen"),
            ("organisaties/meerwolde", "Joke de Wit"),
            ("lessen", "Een nee met uitleg"),
            ("lessen/een-nee", "Bij ons ook zo."),
            ("agenda", "Een bankje"),
            ("agenda/1", "In maart staat het er."),
            ("wijkwijzer/leervragen", "Hoe leid ik een groep?"),
            ("wijkwijzer/voorbeelden/soepbus", "De soepbus"),
        ):
            assert said in words_of(made, f"{language}/{page}/index.html"), (language, page)
    assert "Dit is een archief." in words_of(made, "nl/index.html")
    assert "This is an archive." in words_of(made, "en/index.html")


def test_the_number_of_supporters_stays_without_its_button(made):
    page = words_of(made, "nl/sessies/samen-groen/live/index.html")

    assert '<span class="support__count" data-part="support">7</span>' in page
    assert "<button" not in page.partition("<main")[2]


def test_a_page_leads_to_itself_in_the_other_language(made):
    page = words_of(made, "nl/agenda/1/index.html")

    assert 'href="../../../en/agenda/1/index.html"' in page


def test_calendars_pictures_and_data_come_along(made):
    files = files_of(made)

    assert "Samen groen" in words_of(made, "programma.ics")
    assert "Oud nieuws" not in words_of(made, "programma.ics")
    assert "Samen groen" in words_of(made, "sessies/samen-groen.ics")
    assert "In maart staat het er." in words_of(made, "agenda.json")
    assert {"agenda.csv", "programma/schedule.json", "programma/schedule.xml", "wijkwijzer/aanbod.csv"} <= {
        *files
    }
    assert (made / "beeld/0123456789abcdef0123456789abcdef.webp").read_bytes() == b"the picture"
    assert {"static/css/tokens.css", "static/vendor/bricolage-grotesque.woff2"} <= {*files}


def test_nobody_who_took_part_is_named(made):
    for path in made.rglob("*"):
        if path.is_file():
            for word in (b"Noor Bakker", b"noor@buurt.example", b"Vlietstad", b"Pietje"):
                assert word not in path.read_bytes(), path


def test_what_visitors_do_not_read_is_not_in_it(made):
    everything = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())

    for hidden in (
        b"Nog geheim", b"nog-geheim", b"op de stoep", b"Dit hoort hier niet", b"een-concept",
        b"Dit las nog niemand", b"Nog niet nagekeken",
    ):  # fmt: skip
        assert hidden not in everything, hidden


def test_another_year_is_not_in_it(made):
    assert "lessen/les-van-toen" not in "".join(files_of(made))
    assert "sessies/oud-nieuws" not in "".join(files_of(made))
    assert "Les van toen" not in words_of(made, "nl/lessen/index.html")


def test_an_earlier_year_is_shown_as_if_it_were_the_only_one(event, afterwards, tmp_path):
    app, _make, there = event
    building.build(app, there["before"].id, tmp_path / "2026", now=afterwards)

    assert "Oud nieuws" in words_of(tmp_path, "2026/nl/programma/index.html")
    assert "Oud nieuws" in words_of(tmp_path, "2026/programma.ics")
    assert "Oud nieuws" in words_of(tmp_path, "2026/nl/sprekers/joke/index.html")
    assert "Anders Vroeger" in words_of(tmp_path, "2026/nl/sprekers/index.html")
    assert "Les van toen" in words_of(tmp_path, "2026/nl/lessen/index.html")
    assert "samen-groen" not in "".join(files_of(tmp_path / "2026"))
    json_file = json.loads(words_of(tmp_path, "2026/manifest.json"))
    assert (json_file["edition"], json_file["year"]) == ("dag-2026", 2026)


def test_the_checksums_are_of_every_file(made):
    lines = [line.split("  ", 1) for line in words_of(made, "SHA256SUMS").splitlines()]

    assert sorted(name for _sum, name in lines) == sorted({*files_of(made)} - {"SHA256SUMS"})
    for digest, name in lines:
        assert hashlib.sha256((made / name).read_bytes()).hexdigest() == digest, name


def test_who_is_logged_in_where_it_is_made_reaches_no_page(event, afterwards, tmp_path, few):
    """As at the desk: built inside a request of an organiser."""
    app, make, there = event
    olga = make.person("Olga Regelaar", roles=["organiser"])
    login = make.store(
        LoginSession(person_id=olga.id, began_at=afterwards, seen_at=afterwards, proven_at=afterwards)
    )
    browser = app.test_client()
    with browser.session_transaction(base_url=PUBLIC_URL) as cookie:
        cookie["_user_id"] = str(login.id)
    view = app.view_functions["frontdoor.home"]

    def build_here(*args, **values):
        if MARK not in request.environ:  # not again for the pages of the archive
            building.build(app, there["edition"].id, tmp_path / "hier", now=afterwards)
        return view(*args, **values)

    build_here.needs = view.needs
    app.view_functions["frontdoor.home"] = build_here
    try:
        page = browser.get("/", base_url=PUBLIC_URL)
    finally:
        app.view_functions["frontdoor.home"] = view

    assert "Olga Regelaar" in page.text
    for path in pages_of(tmp_path / "hier"):
        assert "Olga" not in path.read_text(), path


def test_no_visitor_can_ask_for_the_archive_of_an_edition_that_is_not_open(event):
    app, _make, there = event
    with app.app_context():
        db.session.get(Edition, there["before"].id).status = EditionStatus.CLOSED
        db.session.commit()
    try:
        names = {MARK: str(there["before"].id), f"HTTP_{MARK.upper()}": str(there["before"].id)}
        page = app.test_client().get("/programma", base_url=PUBLIC_URL, headers=names)
        with pytest.raises(ArchiveProblem, match="visitors cannot read this edition"):
            building.build(app, there["before"].id, Path("nowhere"), now=there["edition"].ends_at)
    finally:
        with app.app_context():
            db.session.get(Edition, there["before"].id).status = EditionStatus.OPEN
            db.session.commit()

    assert "Samen groen" in page.text
    assert "Oud nieuws" not in page.text


def test_a_day_that_is_not_over_is_refused(event, tmp_path):
    app, _make, there = event

    with pytest.raises(ArchiveProblem, match="is not over yet"):
        building.build(app, there["edition"].id, tmp_path / "te vroeg", now=there["edition"].starts_at)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["vol", "bestand", "archief.zip"])
def test_what_is_there_is_never_written_over(event, afterwards, tmp_path, name):
    app, _make, there = event
    target = tmp_path / name
    if name == "vol":
        target.mkdir()
        (target / "van iemand.txt").write_text("blijft")
    else:
        target.write_text("blijft")
    before = [(path, path.read_text()) for path in tmp_path.rglob("*") if path.is_file()]

    with pytest.raises(ArchiveProblem, match=r"Give (a|one)"):
        building.build(app, there["edition"].id, target, now=afterwards)

    assert [(path, path.read_text()) for path in tmp_path.rglob("*") if path.is_file()] == before


def test_an_empty_folder_that_is_there_is_filled(event, afterwards, tmp_path, few):
    app, _make, there = event
    (tmp_path / "leeg").mkdir()

    building.build(app, there["edition"].id, tmp_path / "leeg", now=afterwards)

    assert (tmp_path / "leeg" / "SHA256SUMS").is_file()


@pytest.mark.parametrize("name", ["archief", "archief.zip"])
def test_a_full_disk_leaves_nothing(event, afterwards, tmp_path, name, monkeypatch, few):
    app, _make, there = event
    write, written = building._put, []

    def full(path, content):
        written.append(path)
        if len(written) > 5:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write(path, content)

    monkeypatch.setattr(building, "_put", full)

    with pytest.raises(ArchiveProblem, match=r"the disk of .* is full"):
        building.build(app, there["edition"].id, tmp_path / name, now=afterwards)

    assert len(written) == 6
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_fails_stops_it(event, afterwards, tmp_path, monkeypatch, few):
    app, _make, there = event
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def broken(**_values):
        raise RuntimeError

    view = app.view_functions["agenda.show"]
    broken.needs = view.needs
    monkeypatch.setitem(app.view_functions, "agenda.show", broken)

    with pytest.raises(ArchiveProblem, match=r"/agenda/1 could not be made \(500\)"):
        building.build(app, there["edition"].id, tmp_path / "archief", now=afterwards)

    assert list(tmp_path.iterdir()) == []


def test_a_zip_holds_the_same_files(event, afterwards, tmp_path, few):
    app, _make, there = event
    building.build(app, there["edition"].id, tmp_path / "2027.zip", now=afterwards)
    building.build(app, there["edition"].id, tmp_path / "map" / "2027", now=afterwards)

    with zipfile.ZipFile(tmp_path / "2027.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name: (tmp_path / "map" / "2027" / name).read_bytes()
            for name in files_of(tmp_path / "map" / "2027")
        }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2027.zip", "map"]


def test_what_a_killed_build_left_is_removed_by_a_later_one(event, afterwards, tmp_path, few):
    app, _make, there = event
    for name, age in ((".2027.0a1b2c3d.partial", 13), (".2027.4e5f6a7b.partial", 1)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half.html").write_text("half")
        then = (tmp_path / name).stat().st_mtime - age * 3600
        os.utime(tmp_path / name, (then, then))

    building.build(app, there["edition"].id, tmp_path / "2027", now=afterwards)

    assert sorted(path.name for path in tmp_path.iterdir()) == [".2027.4e5f6a7b.partial", "2027"]


def test_the_command_says_what_it_made_and_which_editions_there_are(
    event, afterwards, tmp_path, monkeypatch, few
):
    app, _make, _there = event
    monkeypatch.setattr("dagvandebuurt.closing.commands._app", lambda: app)
    run = CliRunner().invoke

    unknown = run(cli.main, ["archive", "--edition", "1999", str(tmp_path / "x")])
    done = run(cli.main, ["archive", "--edition", "2026", str(tmp_path / "x")])

    assert (unknown.exit_code, "There are: dag-2027, dag-2026" in unknown.output) == (1, True)
    assert (done.exit_code, "pages," in done.output) == (0, True)
    assert json.loads(words_of(tmp_path, "x/manifest.json"))["edition"] == "dag-2026"


def test_an_organiser_takes_it_along_from_the_desk(event, few):
    _app, make, there = event
    organiser = make.browser(make.person("Olga", roles=["organiser"]))
    address = f"/organisatie/programma/edities/{there['edition'].id}"

    status, about = organiser.get(address), organiser.get(f"{address}/archief")
    file = organiser.get(f"{address}/archief.zip")

    assert f"{address}/archief" in status.text
    assert f"{address}/archief.zip" in about.text
    with file, zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.testzip() is None
        assert "nl/agenda/1/index.html" in archive.namelist()
    assert file.headers["Content-Disposition"].endswith("dag-2027.zip")


def test_of_a_large_edition_the_desk_says_the_command(event, monkeypatch):
    _app, make, there = event
    monkeypatch.setattr(routes, "MOST_PAGES", 10)
    organiser = make.browser(make.person("Olga", roles=["organiser"]))
    address = f"/organisatie/programma/edities/{there['edition'].id}/archief"

    about, file = organiser.get(address), organiser.get(f"{address}.zip")

    assert "dagvandebuurt archive --edition dag-2027 archief.zip" in about.text
    assert f"{address}.zip" not in about.text
    assert (file.status_code, "te groot" in file.text) == (422, True)


def test_two_names_that_differ_in_capitals_alone_are_two_files():
    site = Site(PUBLIC_URL, ["nl"])
    for address in ("/sprekers/Jo", "/sprekers/jo", "/sprekers/a%3Ab", "/sprekers/.."):
        site.add_page(address)
    files = [site.file_of(address, "nl") for address in site.pages]

    assert len({file.lower() for file in files}) == 4
    assert all(".." not in file and ":" not in file for file in files)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="/weg">doe dit</a>.', "."),
        ('<p><a class="x" href="/tekst">een <b>les</b></a></p>', '<p><span class="x">een <b>les</b></span></p>'),
        ('<a href="/er?a=1&amp;b=2" lang="nl">&amp; zo</a>', '<a href="er.html" lang="nl">&amp; zo</a>'),
        ("<form><form></form><p>x</p></form>na", "na"),
        ('<svg viewBox="0 0 1 1"><path d="M0"/></svg>', '<svg viewBox="0 0 1 1"><path d="M0"/></svg>'),
        ('<button popovertarget="menu">m</button><button>x</button>', '<button popovertarget="menu">m</button>'),
        ("<!doctype html><script>a < b && '</p>'</script>", "<!doctype html>"),
    ],
)  # fmt: skip
def test_a_page_is_copied_but_for_what_needs_a_server(html, expected):
    links = {"/er?a=1&b=2": "er.html", "/tekst": ""}

    assert rewritten(html, links.get) == expected
