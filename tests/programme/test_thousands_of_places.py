"""A list of places as long as the whole country: found by typing, on an index, and read page by page."""

import html
import io
import re
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select, text
from werkzeug.datastructures import MultiDict

from dagvandebuurt.agenda.models import FollowUp
from dagvandebuurt.core.db import db
from dagvandebuurt.parts.places.fields import PlaceField
from dagvandebuurt.parts.places.names import name_key
from dagvandebuurt.programme.models import Place
from dagvandebuurt.programme.places import queries as lookup
from dagvandebuurt.programme.places.place_table import PlaceRow, as_table, read_places
from dagvandebuurt.wijkwijzer.forms import FollowPlaceForm
from dagvandebuurt.wijkwijzer.people.models import Following

HERE = "/organisatie/plaatsen"
PROPOSE = "/agenda/voorstellen"
TOWNS = {
    "Utrecht": ["Centrum", "Wijk 01 West", "Lunetten"],
    "Zeist": ["Centrum", "Kerckebosch"],
    "'s-Hertogenbosch": [],
    "Súdwest-Fryslân": ["Utrecht"],
}


@pytest.fixture
def places(app, monkeypatch):
    """Store a few places, and take a list of more than three for a long one."""
    monkeypatch.setattr(lookup, "MOST_IN_A_SELECT", 3)
    with app.app_context():
        for number, (town, parts) in enumerate(TOWNS.items()):
            above = Place(code=f"t{number}", name=town, kind="municipality")
            db.session.add(above)
            db.session.flush()
            for nth, name in enumerate(parts):
                db.session.add(
                    Place(code=f"t{number}-{nth}", name=name, kind="neighbourhood", parent_id=above.id)
                )
        db.session.commit()
        found = db.session.scalars(select(Place)).all()
        return {place.full_name: str(place.id) for place in found}


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Anna", roles=["organiser"]))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("utrecht", ["Utrecht"]),  # a municipality is written just so; a neighbourhood has one behind it
        ("CENTRUM", ["Centrum, Utrecht", "Centrum, Zeist"]),
        ("Centrum, Zeist", ["Centrum, Zeist"]),
        ("centrum , zei", []),
        ("west", ["Wijk 01 West, Utrecht"]),
        ("Wijk 01 West", ["Wijk 01 West, Utrecht"]),
        ("s hertogenbosch", ["'s-Hertogenbosch"]),
        ("sudwest fryslan", ["Súdwest-Fryslân"]),
        ("nergens", []),
        ("%", []),
        ("", []),
        (",", []),
        ("\x00", []),
    ],
)
def test_a_name_is_found_without_case_accents_and_numbers(app, places, typed, found):
    with app.app_context():
        assert [place.full_name for place in lookup.places_named(typed)] == found


def test_the_beginning_of_a_name_is_enough(app, places):
    def begins(typed):
        return [place.full_name for place in lookup.places_that_begin_with(typed)]

    with app.app_context():
        assert begins("utr") == ["Utrecht", "Utrecht, Súdwest-Fryslân"]
        assert begins("centrum, z") == ["Centrum, Zeist"]
        assert begins("_") == begins("%") == begins(" ") == []
        assert [place.full_name for place in lookup.matching_places("kerck")] == ["Kerckebosch, Zeist"]


def test_suggestions_may_be_kept_by_the_browser(places, make):
    answer = make.browser().get("/plaatsen.json?q=centrum")

    assert answer.json == {"places": ["Centrum, Utrecht", "Centrum, Zeist"]}
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert make.browser().get("/plaatsen.json").json == {"places": []}


def test_a_proposal_names_a_place_by_typing_and_chooses_where_several_have_the_name(app, make, places):
    resident = make.browser(make.person("Bo"))

    def send(**typed):
        told = {
            "title": "Een bankje",
            "body": "Om te rusten.",
            "origin": "direct",
            "organisation": "",
            "theme": "",
        }
        return resident.post(PROPOSE, data={**told, "op": uuid4().hex, **typed})

    page = resident.get(PROPOSE).text
    assert re.search(r'<input type="text"[^>]* name="place"', page)
    assert "Kerckebosch" not in page

    several = send(place="centrum")
    assert several.status_code == 422
    assert 'value="centrum"' in several.text
    assert "Een bankje" in several.text
    assert re.findall(r'type="radio" name="place-keuze" value="([^"]+)"', several.text) == [
        places["Centrum, Utrecht"],
        places["Centrum, Zeist"],
    ]
    unknown = send(place='"><b>nergens')
    assert unknown.status_code == 422
    assert "Deze plaats staat niet in de lijst" in unknown.text
    assert "<b>nergens" not in unknown.text

    picked = {"place-keuze": places["Centrum, Zeist"]}
    sent = [
        send(place="centrum", **picked),  # type: ignore[arg-type]
        send(place="lunetten", **picked),  # what is typed after choosing counts
        send(place=places["'s-Hertogenbosch"]),  # a page of before the list grew
        send(place=""),
    ]
    assert [answer.status_code for answer in sent] == [303] * 4
    with app.app_context():
        made = db.session.scalars(select(FollowUp).order_by(FollowUp.number)).all()
        assert [point.place.full_name if point.place else None for point in made] == [
            "Centrum, Zeist", "Lunetten, Utrecht", "'s-Hertogenbosch", None,
        ]  # fmt: skip


def test_a_form_shows_the_place_that_was_kept_with_its_municipality(app, make, places):
    with app.test_request_context():
        form = FollowPlaceForm(formdata=None, meta={"csrf": False})
        form.place.offer(lookup.place_choices())
        form.place.data = places["Centrum, Zeist"]

        assert 'value="Centrum, Zeist"' in form.place()

        again = FollowPlaceForm(formdata=MultiDict({"place": "kerck"}), meta={"csrf": False})
        again.place.offer(lookup.place_choices())
        assert [again.validate(), again.validate()] == [True, True]
        assert again.place.data == places["Kerckebosch, Zeist"]


def test_a_short_list_stays_a_select_and_tells_the_same_names_apart(app, places, monkeypatch):
    monkeypatch.setattr(lookup, "MOST_IN_A_SELECT", 200)
    with app.test_request_context():
        form = FollowPlaceForm(formdata=None, meta={"csrf": False})
        form.place.offer(lookup.place_choices())

        assert isinstance(form.place, PlaceField)
        offered = re.findall(r"<option[^>]*>([^<]+)</option>", form.place())

    assert sorted(map(html.unescape, offered)) == [
        "'s-Hertogenbosch", "Centrum, Utrecht", "Centrum, Zeist", "Kerckebosch", "Lunetten", "Overal",
        "Súdwest-Fryslân", "Utrecht", "Utrecht, Súdwest-Fryslân", "Wijk 01 West", "Zeist",
    ]  # fmt: skip


def test_a_place_is_followed_by_its_name(app, make, places):
    reader = make.browser(make.person("Bo"))
    sent = {"kind": "place", "on": "1"}

    assert reader.post("/wijkwijzer/volgen", data={**sent, "place": "centrum"}).status_code == 422
    assert reader.post("/wijkwijzer/volgen", data={**sent, "place": ""}).status_code == 422
    assert reader.post("/wijkwijzer/volgen", data={**sent, "place": "Lunetten"}).status_code == 303
    with app.app_context():
        assert [str(each.target_id) for each in db.session.scalars(select(Following))] == [
            places["Lunetten, Utrecht"]
        ]


@pytest.mark.parametrize("path", ["/aanbod", "/aanbod/nieuw", "/voorbeelden", "/voorbeelden/nieuw",
                                  "/leervragen/stel", "/ontmoeten", "/volgen"])  # fmt: skip
def test_pages_of_the_wijkwijzer_do_not_grow_with_the_list(make, places, path):
    answer = make.browser(make.person("Bo")).get(f"/wijkwijzer{path}")

    assert answer.status_code == 200
    assert "Kerckebosch" not in answer.text


def test_the_list_is_read_page_by_page_and_searched(organiser, places, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.programme.places.place_routes.PAGE", 4)

    def listed(asked):
        page = organiser.get(f"{HERE}?{asked}").text
        return page, re.findall(r'aria-label="Haal (.+?) weg"', html.unescape(page))

    first, names = listed("")
    assert names == ["'s-Hertogenbosch", "Súdwest-Fryslân", "Utrecht", "Utrecht"]
    assert "Pagina 1 van 3" in first
    assert listed("blad=3")[1] == listed("blad=99")[1] == ["Centrum", "Kerckebosch"]
    assert listed("q=zeist")[1] == ["Zeist", "Centrum", "Kerckebosch"]
    assert "We vinden geen plaats" in listed("q=nergens")[0]
    for odd in ("blad=0", "blad=-3", "blad=x", "blad=99999999999999999999", "q=%00", "q=%25"):
        assert organiser.get(f"{HERE}?{odd}").status_code == 200, odd


def test_a_list_that_would_grow_too_long_is_refused_when_it_is_looked_at(organiser, monkeypatch):
    monkeypatch.setattr("dagvandebuurt.programme.places.rules.MOST_PLACES", 2)
    sent = {"file": (io.BytesIO(b"Naam\nAap\nNoot\nMies\n"), "lijst.csv")}

    answer = organiser.post(f"{HERE}/inlezen", data=sent)

    assert answer.status_code == 422
    assert "Lees alleen je eigen gemeente in" in answer.text


def test_what_a_preview_carries_reads_back_the_same():
    rows = [PlaceRow("Dorp"), PlaceRow('Kade; "oost"', "Dorp"), PlaceRow("Dorp", "Stad"), PlaceRow("Stad")]

    assert set(read_places(as_table(rows)).rows) == set(rows)


def test_a_list_of_the_whole_country_is_imported_at_once_and_found_on_an_index(app, organiser):
    rows = [PlaceRow(f"Gemeente {town}") for town in range(300)]
    rows += [PlaceRow(f"Buurt {n % 55}x {n}", f"Gemeente {n % 300}") for n in range(5_700)]
    answer = organiser.post(
        f"{HERE}/inlezen", data={"file": (io.BytesIO(as_table(rows).encode()), "cbs.csv")}
    )
    assert "6000 nieuwe plaatsen" in answer.text
    assert "En nog 5950." in answer.text

    said = html.unescape(re.search(r'name="text" value="([^"]*)"', answer.text)[1])
    assert organiser.post(f"{HERE}/opslaan", data={"text": said, "op": uuid4().hex}).status_code == 303
    assert "Pagina 1 van 60" in organiser.get(HERE).text
    with app.app_context():
        for typed in ("gemeente 34", "Buurt 7x 7", "buurt 7x 7, gemeente 7"):
            plans = plans_of(lambda typed=typed: lookup.matching_places(typed))
            assert plans, typed
            for plan in plans:
                assert "ix_place_name_key" in plan, (typed, plan)
                assert not re.search(r"SCAN place|Seq Scan", plan), (typed, plan)


def plans_of(act):
    """Return the query plan of each statement that `act` runs."""
    db.session.execute(text("ANALYZE"))
    ran = []

    def keep(_connection, _cursor, statement, parameters, _context, _many):
        ran.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", keep)
    act()
    event.remove(db.engine, "before_cursor_execute", keep)
    explain = "EXPLAIN " if db.engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    run = db.session.connection().exec_driver_sql
    return ["\n".join(str(tuple(row)) for row in run(explain + sql, given)) for sql, given in ran]


def test_a_place_keeps_up_with_its_name(app):
    with app.app_context():
        place = Place(code="a", name="Wijk 12 De Kooi", kind="municipality")
        assert place.name_key == "de kooi"
        place.name = "'t Zand"
        assert place.name_key == name_key("’t zand") == "t zand"
        assert name_key("Wijk 12") == "wijk 12"
        assert name_key("???") == "???"
        db.session.execute(
            insert(Place), [{"id": uuid4(), "code": "b", "name": "B", "name_key": "b", "kind": "x"}]
        )
