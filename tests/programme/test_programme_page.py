"""Programme page: number of queries, and cache isolation (no other reader's data, stale data or drafts)."""

import re
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event

from dagvandebuurt.app import create_app
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.programme.editing import rules
from dagvandebuurt.programme.editing.snapshot import RecordKind
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus, Venue
from dagvandebuurt.programme.public.page_cache import page_cache
from dagvandebuurt.registration.models import PlaceStatus, SessionChoice
from tests.conftest import test_settings as settings_of
from tests.programme.big import fill

COLD, WARM, BYTES = 8, 1, 100_000


@contextmanager
def asked():
    """Collect the database queries, without the opening of transactions."""
    found = []

    def hear(_connection, _cursor, statement, *_):
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


@contextmanager
def written(app):
    """Commit a transaction past the rules, as another process would."""
    with app.app_context(), transaction():
        yield db.session


@pytest.fixture
def round_(make, now):
    return make.round(code="ronde", label="Ronde een", starts_at=now)


@pytest.fixture
def organiser(make):
    return make.identity("Roos", roles=["organiser"])


def choose(make, person, session, status=PlaceStatus.CONFIRMED):
    make.store(
        SessionChoice(
            person_id=person.id,
            session_id=session.id,
            status=status,
            chosen_at=session.starts_at,
            lined_up_at=session.starts_at,
        )
    )


def text_of(browser, address="/programma", **how):
    answer = browser.get(address, **how)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("who", ["stranger", "guest", "registered", "organiser"])
@pytest.mark.parametrize("count", [1, 40, 200, 1400])
def test_page_uses_a_fixed_number_of_queries(app, make, round_, who, count):
    ids = fill(app, round_, count, min(count, 60))
    person = None
    if who != "stranger":
        person = make.person(
            email=None if who == "guest" else True, roles=["organiser"] if who == "organiser" else []
        )
        with written(app) as session:
            session.add(SessionChoice(person_id=person.id, session_id=ids[0], status=PlaceStatus.CONFIRMED,
                                      chosen_at=round_.starts_at))  # fmt: skip
    browser = make.browser(person)

    with asked() as cold:
        page = text_of(browser)
    with asked() as warm:
        again = text_of(browser)
    with asked() as filtered:
        text_of(browser, "/programma?ronde=ronde&zoek=rommel")

    assert page.count("data-state=") >= count
    assert again.count("data-state=") == page.count("data-state=")
    assert ("In mijn programma" in again) == (person is not None)
    assert len(cold) <= COLD, cold
    assert len(warm) <= WARM, warm
    assert len(filtered) <= WARM, filtered


def test_the_first_view_is_small(app, make, round_):
    fill(app, round_, 40, 60)
    browser = make.browser(make.person())
    page = text_of(browser)
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg|png|jpg|webp))"', page))
    texts = {"page": page.encode()}
    todo = sorted(files)
    while todo:  # and the modules that those import
        path = todo.pop()
        with browser.get(path) as answer:
            texts[path] = answer.data
        imported = re.findall(r'from "\./([\w.-]+)"', texts[path].decode()) if path.endswith(".js") else []
        todo += {path.rpartition("/")[0] + "/" + name for name in imported} - set(texts)

    assert len(files) > 5
    assert any(path.endswith("server_clock.js") for path in texts)
    weights = {path: len(text) for path, text in texts.items()}
    assert sum(weights.values()) < BYTES, weights


def test_unchanged_page_is_304_and_any_change_is_200(app, make, round_, now, monkeypatch):
    session = make.session(
        round=round_, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2), capacity=5
    )
    other = make.session(round=round_, capacity=5)
    noor = make.person()
    browser = make.browser(noor)
    browser.get("/programma")  # from here on the browser has a token for its forms

    def tag_and_again():
        tag = browser.get("/programma").headers["ETag"]
        return tag, browser.get("/programma", headers={"If-None-Match": tag})

    tag, again = tag_and_again()
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in again.headers["Vary"]
    assert browser.head("/programma", headers={"If-None-Match": tag}).status_code == 304
    assert browser.head("/programma").headers["Content-Length"] != "0"

    def a_choice():
        choose(make, noor, session)

    def a_full_session():
        with written(app) as stored:
            stored.get_one(ProgrammeSession, other.id).taken = 5

    def a_name():
        with written(app) as stored:
            stored.get_one(type(noor), noor.id).name = "Nora"

    def the_clock():
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=1))

    def another_language():
        browser.post("/taal", data={"taal": "en", "verder": "/programma"})

    for change in (a_choice, a_full_session, a_name, the_clock, another_language):
        change()
        answer = browser.get("/programma", headers={"If-None-Match": tag})
        assert answer.status_code == 200, change.__name__
        tag, again = tag_and_again()
        assert again.status_code == 304, change.__name__


def test_clients_without_cookies_get_304_for_their_own_page_only(app, make, session):
    tag = make.browser().get("/programma").headers["ETag"]

    assert make.browser().get("/programma", headers={"If-None-Match": tag}).status_code == 304
    assert make.browser(make.person()).get("/programma", headers={"If-None-Match": tag}).status_code == 200


def test_flash_message_is_shown_once_and_not_cached(make, session):
    browser = make.browser(make.person())
    browser.post(f"/sessies/{session.slug}/kiezen", data={"verder": "/programma"})

    first = browser.get("/programma")
    assert first.headers["Cache-Control"] == "private, no-store"
    said = re.search(r"data-messages>(.*?)</div>\s*<p", first.text, re.DOTALL).group(1)
    assert "programma" in said
    assert said not in text_of(browser)
    assert browser.get("/programma").headers["Cache-Control"] == "private, no-cache"


def test_cached_page_shows_no_drafts_even_to_editors(app, make, round_, organiser):
    made = make.session("Nog geheim", round=round_, status=SessionStatus.DRAFT)
    shown = make.session("Samen groen", round=round_)
    with written(app):
        edition = db.session.get_one(Edition, round_.edition_id)
        rules.save_draft(organiser, edition, kind=RecordKind.SESSION, thing_id=shown.id, values={"title": "Samen grijs"},
                         seen=None, now=shown.starts_at)  # fmt: skip

    for browser in (make.browser(organiser), make.browser()):
        page = text_of(browser)
        assert "Samen groen" in page
        assert made.title not in page
        assert "Samen grijs" not in page


def test_personal_fragments_are_never_shared(make, round_):
    chosen, full = (
        make.session("Gekozen", round=round_),
        make.session("Vol huis", round=round_, capacity=1, taken=1),
    )
    noor, ali, stranger = make.person("Noor"), make.person("Ali"), make.browser()
    choose(make, noor, chosen)
    choose(make, ali, full, PlaceStatus.WAITLISTED)

    def card(page, session):
        return page[page.index(f'href="/sessies/{session.slug}" lang') :].split("</article>")[0]

    for _ in range(2):  # made, and kept
        noors, alis, nobodys = (text_of(each) for each in (make.browser(noor), make.browser(ali), stranger))
        assert "In mijn programma" in card(noors, chosen)
        assert "Vol<" in card(noors, full)
        assert "In mijn programma" not in alis + nobodys
        assert "Wachtlijst" in card(alis, full)
        assert "Wachtlijst" not in noors + nobodys
        assert ("Noor" in noors, "Noor" in alis + nobodys) == (True, False)
        assert ("Ali" in alis, "Ali" in noors + nobodys) == (True, False)


def test_cache_is_keyed_by_language(make, session):
    dutch, english = make.browser(), make.browser()
    english.post("/taal", data={"taal": "en", "verder": "/"})

    for _ in range(2):
        assert '<html lang="nl"' in text_of(dutch)
        assert '<html lang="en"' in text_of(english)


def test_page_changes_with_the_clock(make, round_, now, monkeypatch):
    make.session(
        "Straks aan de beurt",
        round=round_,
        starts_at=now + timedelta(hours=1),
        ends_at=now + timedelta(hours=2),
    )
    make.session(
        "De volgende dag",
        round=round_,
        starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=1, hours=1),
    )
    browser = make.browser()

    def at(**later):
        monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(**later))
        page = text_of(browser)
        return re.search(r"Het is (\d\d\.\d\d) uur</span>", page), re.findall(
            r'session__state[^>]*data-state="(\w+)"', page
        )

    assert at(days=-3) == (None, ["before", "before"])
    time, phases = at()
    assert (time.group(1), phases) == ("13.15", ["before", "before", "before"])  # once under "Straks"
    assert at(minutes=49)[1] == ["before"] * 3
    assert at(minutes=50)[1][0] == "lobby"
    assert at(minutes=60)[1][0] == "live"
    assert at(minutes=119, seconds=59)[1][0] == "live"
    assert at(minutes=120)[1] == ["before", "ended", "before"]
    assert "De sessies zijn voorbij" not in text_of(browser)
    at(days=1, hours=1, minutes=30)
    assert "De sessies zijn voorbij" in text_of(browser)
    assert at(days=3) == (None, ["ended", "ended"])


def test_page_links_to_the_readers_own_session(make, round_, now):
    going = make.session(
        "Hier was ik al",
        round=round_,
        starts_at=now - timedelta(minutes=20),
        ends_at=now + timedelta(hours=1),
    )
    newer = make.session(
        "Hier wil ik heen",
        round=round_,
        starts_at=now + timedelta(minutes=5),
        ends_at=now + timedelta(hours=1),
    )
    waiting = make.session(
        "Hier wacht ik", round=round_, starts_at=now + timedelta(minutes=6), ends_at=now + timedelta(hours=1)
    )
    noor = make.person()
    for session in (going, newer):
        choose(make, noor, session)
    choose(make, noor, waiting, PlaceStatus.WAITLISTED)

    page = text_of(make.browser(noor))
    mine = text_of(make.browser(noor), "/mijn")

    assert re.findall(r'href="([^"]+)">Ga naar de sessie', page) == [f"/sessies/{newer.slug}/live"]
    assert f'button--big" href="/sessies/{newer.slug}/live">Ga naar de sessie' in mine
    assert mine.count("button--big") == 1
    assert "Ga naar de sessie" not in text_of(make.browser())


def test_other_processes_show_a_release_at_the_next_request(app, make, round_, organiser, tmp_path):
    shown = make.session("Samen groen", round=round_)
    other = create_app(settings_of(tmp_path, DATABASE_URL=app.config["SQLALCHEMY_DATABASE_URI"]))
    browsers = [make.browser(), other.test_client()]
    assert all("Samen groen" in text_of(each) for each in browsers)

    with written(app):
        edition = db.session.get_one(Edition, round_.edition_id)
        rules.save_draft(organiser, edition, kind=RecordKind.SESSION, thing_id=shown.id, values={"title": "Samen bloemen"},
                         seen=None, now=shown.starts_at)  # fmt: skip
        rules.publish(organiser, edition, note="Een betere titel.", now=shown.starts_at)
    assert all("Samen bloemen" in text_of(each) and "Samen groen" not in text_of(each) for each in browsers)

    with written(other):
        rules.call_off(
            organiser, db.session.get_one(ProgrammeSession, shown.id), note=None, now=shown.starts_at
        )
    assert all("Gaat niet door" in text_of(each) for each in browsers)
    with other.app_context():
        db.session.remove()
        db.engine.dispose()


def test_page_cache_is_bounded(app, make, session, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.programme.public.page_cache.MOST_LETTERS", 100_000)
    browser = make.browser()
    for number in range(30):
        text_of(browser, f"/programma?zoek=woord{number}")

    store = page_cache(app)
    assert 1 < len(store._pages) < 30
    assert store._letters == sum(page.size for page in store._pages.values()) <= 100_000


def test_each_filter_finds_matching_sessions_and_is_labelled(make, now):
    ronde, later = (
        make.round(code="een", label="Ronde een", starts_at=now),
        make.round(code="twee", label="Ronde twee", starts_at=now + timedelta(days=1)),
    )
    make.round(edition=None)  # of another, older edition: not shown
    with make.context():
        edition_id = ronde.edition_id
    later = make.round(
        code="drie", label="Ronde drie", starts_at=now + timedelta(days=1), edition=Edition(id=edition_id)
    )
    arab = make.session("Samen Arabisch", round=ronde, interpreters=["ar"], access=["live_captions"], domains=["care"],
                        starts_at=now, ends_at=now + timedelta(hours=1))  # fmt: skip
    sign = make.session("Met gebaren", round=later, access=["live_captions", "sign_language"], languages=["nl", "en"],
                        domains=["police"], starts_at=now + timedelta(days=1), ends_at=now + timedelta(days=1, hours=1))  # fmt: skip
    plain = make.session(
        "Café Übermut", round=ronde, abstract="Over geluk", starts_at=now, ends_at=now + timedelta(hours=1)
    )
    every = {arab.title, sign.title, plain.title}
    browser = make.browser()

    def found(address):
        page = text_of(browser, f"/programma{address}")
        return {title for title in every if f">{title}</a></h" in page}

    assert found("") == every
    assert found("?ronde=drie") == {sign.title}
    assert found(f"?dag={(now + timedelta(days=1)):%Y-%m-%d}") == {sign.title}
    assert found("?werkveld=care") == {arab.title}
    assert found("?taal=ar") == {arab.title}
    assert found("?taal=en") == {sign.title}
    assert found("?toegankelijk=live_captions") == {arab.title, sign.title}
    assert found("?toegankelijk=live_captions&toegankelijk=sign_language") == {sign.title}
    assert found("?zoek=cafe+UBERMUT") == {plain.title}
    assert found("?zoek=geluk") == {plain.title}
    assert found("?ronde=een&taal=ar&zoek=samen") == {arab.title}
    for nonsense in (
        "?ronde=nergens",
        "?zoek=%3Cscript%3E",
        "?taal=" + "x" * 5000,
        "?dag=morgen",
        "?toegankelijk=%00",
    ):
        page = text_of(browser, f"/programma{nonsense}")
        assert "<script>" not in page
        assert ("Geen sessie gevonden." in page) == (
            nonsense != "?toegankelijk=%00"
        )  # nothing is left of that one


def test_active_filters_can_be_removed_one_by_one_with_right_counts(make, round_):
    make.session("Eerste", round=round_, access=["sign_language"], domains=["care"])
    make.session("Tweede", round=round_, access=["sign_language"], domains=["police"])
    page = text_of(make.browser(), "/programma?toegankelijk=sign_language&werkveld=care")

    chips = re.findall(r'class="chip" href="([^"]+)"><span[^>]*>[^<]*</span>([^<]+)<', page)
    away = {label.strip(): path for path, label in chips}
    assert away == {
        "Zorg en gezondheid": "/programma?toegankelijk=sign_language",
        "Gebarentolk": "/programma?werkveld=care",
    }
    assert "1 sessie gevonden." in page
    assert 'value="police">Politie en veiligheid (1)' in page
    assert re.search(r'value="care" selected>[^(]*\(1\)', page)


def test_equivalent_query_strings_share_one_cached_page(app, make, session):
    browser = make.browser()
    text_of(browser, "/programma?zoek=groen")
    before = len(page_cache(app)._pages)
    text_of(browser, "/programma?zoek=++groen+&thema=&ronde=&onzin=1")

    assert len(page_cache(app)._pages) == before


def test_timetable_puts_parallel_sessions_side_by_side(make, round_, now):
    def held(title, start, end, **values):
        return make.session(
            title,
            round=round_,
            starts_at=now + timedelta(minutes=start),
            ends_at=now + timedelta(minutes=end),
            **values,
        )

    held("Lang", 0, 90)
    held("Vroeg", 0, 30)
    held("Laat", 30, 60)
    page = text_of(make.browser())

    places = {
        title: place
        for place, title in re.findall(
            r'<li class="(k\d a\d z\d)">.*?lang="nl">([^<]+)</a></h3>', page, re.DOTALL
        )
    }
    assert places == {"Lang": "k1 a1 z4", "Vroeg": "k2 a1 z2", "Laat": "k2 a2 z3"}
    assert page.index(">Lang</a></h3>") < page.index(">Vroeg</a></h3>") < page.index(">Laat</a></h3>")
    assert 'class="plain timetable timetable--2" role="list"' in page


def test_halls_are_named_columns(make, round_, now):
    halls = [make.store(Venue(edition_id=round_.edition_id, name=name)) for name in ("Aula", "Buurthuis")]
    for number, hall in enumerate([halls[1], halls[0], halls[1]]):
        make.session(f"In zaal {number}", round=round_, venue_id=hall.id, starts_at=now + timedelta(minutes=30 * number),
                     ends_at=now + timedelta(minutes=30 * number + 30))  # fmt: skip
    page = text_of(make.browser())

    assert re.findall(r'aria-hidden="true">(Aula|Buurthuis)<', page) == ["Aula", "Buurthuis"]
    assert re.findall(r'<li class="(k\d) a', page) == ["k2", "k1", "k2"]
    assert "<span>Buurthuis</span>" in page  # said in the card too, for who does not see columns


def titled_places(page):
    """Map the sessions of the grid to their column and lines."""
    return {
        title: tuple(map(int, place))
        for *place, title in re.findall(
            r'<li class="k(\d+) a(\d+) z(\d+)">.*?lang="nl">([^<]+)</a></h\d>', page, re.DOTALL
        )
    }


@pytest.mark.parametrize(
    ("count", "columns"),
    [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 3), (7, 4), (8, 4), (9, 3), (13, 5), (60, 4)],
)
def test_a_round_fills_its_rows_and_no_session_is_alone_in_one(app, make, round_, count, columns):
    fill(app, round_, count, 2, at_once=count)
    page = text_of(make.browser())
    places = titled_places(page)

    assert f'class="plain timetable timetable--{columns}"' in page
    assert len(places) == count == len(set(places.values()))
    assert {column for column, _first, _last in places.values()} == set(range(1, columns + 1))
    rows = [sum(first == row for _column, first, _last in places.values()) for row in range(1, count + 1)]
    assert count == 1 or 1 not in rows
    assert "timetable_lines.css" not in page or max(last for *_, last in places.values()) > 12


def test_long_day_has_lines_for_each_of_its_hours(app, make, round_):
    fill(app, round_, 60, 2, at_once=8)
    page = text_of(make.browser())
    [lines] = re.findall(r'href="([^"]+timetable_lines\.css)"', page)
    sheets = []
    for path in re.findall(r'href="(/static/[^"]+\.css)"', page):
        with make.browser().get(path) as answer:
            sheets.append(answer.text)

    assert lines
    assert len(titled_places(page)) == 60
    for _column, first, last in titled_places(page).values():
        assert any(f".a{first}{{--a:{first + 1}}}" in sheet for sheet in sheets)
        assert any(f".z{last}{{--z:{last + 1}}}" in sheet for sheet in sheets)


def test_sessions_that_overlap_all_day_are_a_list(make, round_, now):
    for number in range(7):
        make.session(f"Doorlopend {number}", round=round_, starts_at=now + timedelta(minutes=number),
                     ends_at=now + timedelta(hours=2))  # fmt: skip
    page = text_of(make.browser())

    assert 'class="plain sessions" role="list"' in page
    assert page.count("<article") == 7


def test_a_short_round_stands_beside_the_rounds_it_overlaps(make, now):
    def held(title, of, start, end):
        make.session(
            title, round=of, starts_at=now + timedelta(minutes=start), ends_at=now + timedelta(minutes=end)
        )

    edition = make.edition()
    first = make.round(edition, code="ronde", label="Ronde een", starts_at=now)
    market = make.round(edition, code="markt", label="Buurtmarkt", starts_at=now - timedelta(minutes=10))
    later = make.round(edition, code="later", label="Ronde twee", starts_at=now + timedelta(minutes=60))
    evening = make.round(edition, code="avond", label="Avond", starts_at=now + timedelta(minutes=300))
    held("Markt", market, -10, 120)
    for number in range(4):
        held(f"Eerste {number}", first, 0, 45)
        held(f"Tweede {number}", later, 60, 105)
    held("Afsluiting", evening, 300, 330)
    page = text_of(make.browser())

    assert re.findall(r'<section class="round( [^"]*)?" id="(\w+)"', page) == [
        (" k2 a1 z6", "markt"), (" k1 a2 z3", "ronde"), (" k1 a4 z5", "later"), ("", "avond"),
    ]  # fmt: skip
    assert page.count('<div class="band band--2">') == 1
    assert page.index("</div>", page.index(">Tweede 3<")) < page.index('id="avond"')


def test_line_of_now_is_where_the_time_is(make, round_, now, monkeypatch):
    for number in range(2):
        make.session(f"Nu {number}", round=round_, starts_at=now, ends_at=now + timedelta(minutes=50))
    make.session("Later", round=round_, starts_at=now + timedelta(hours=2), ends_at=now + timedelta(hours=3))
    browser = make.browser()

    def line():
        return re.findall(r'timetable__now a(\d) z(\d)".*?<svg y="([\d.]+)%"', text_of(browser), re.DOTALL)

    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=10))
    assert line() == [("1", "2", "20.0")]
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(minutes=40))
    assert line() == [("1", "2", "80.0")]
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(hours=2, minutes=30))
    assert [place[2] for place in line()] == ["50.0"]
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: now + timedelta(days=2))
    assert line() == []


def test_timetable_past_midnight_and_over_several_days(make, round_):
    late = datetime(2027, 1, 28, 22, 30, tzinfo=UTC)  # 23.30 in Amsterdam
    make.session("Nachtbrakers", round=round_, starts_at=late, ends_at=late + timedelta(hours=1))
    make.session(
        "Na middernacht", round=round_, starts_at=late + timedelta(hours=1), ends_at=late + timedelta(hours=2)
    )
    page = text_of(make.browser())

    days = re.findall(r'<h2 class="day" id="([^"]+)"', page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert days == ["dag-2027-01-28", "dag-2027-01-29"]
    assert (
        page.index("dag-2027-01-28") < page.index(">Nachtbrakers</a></h4>") < page.index('id="dag-2027-01-29')
    )
    assert "(na middernacht)" in page
    assert len(ids) == len(set(ids))


def test_cancelled_session_stays_on_the_page_and_says_so(make, round_, now):
    make.session(
        "Helaas",
        round=round_,
        status=SessionStatus.CANCELLED,
        starts_at=now,
        ends_at=now + timedelta(hours=1),
    )
    page = text_of(make.browser())

    assert ">Gaat niet door<" in page
    assert "session--cancelled" in page
    assert "Nu bezig<" not in page


def test_large_programme_is_a_list_with_anchors(app, make, round_):
    fill(app, round_, 1400, 60, at_once=200)
    page = text_of(make.browser())

    assert page.count('<p class="session-line"') == 1400
    assert len(page) < 1400 * 700
    assert f'id="{round_.code}"' in page


def test_empty_installation_and_empty_programme_say_so(make):
    assert make.browser().get("/programma").status_code == 200
    make.edition()

    assert "Het programma komt nog." in text_of(make.browser())
