"""Stands at the market: made by an organiser, furnished by their holders, looked at by everybody."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import event, select

from dagvandebuurt.core.db import db
from dagvandebuurt.market.models import MarketStand
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.programme.models import SessionKind
from tests.factories import START
from tests.market.conftest import holder

OPEN = START + timedelta(hours=1)


def test_without_a_stand_nothing_is_said_of_a_market(make, session):
    visitor = make.browser()

    assert "Buurtmarkt" not in visitor.get("/").text.partition("<main")[2]
    assert "/markt" not in visitor.get(f"/sessies/{session.slug}").text
    assert "Er is nu geen buurtmarkt." in visitor.get("/markt").text


def test_a_market_in_the_programme_leads_to_the_stands_of_its_edition(make, now):
    market = make.session("Buurtmarkt", kind=SessionKind.MARKET, starts_at=now - timedelta(minutes=15))
    visitor = make.browser()
    pages = [f"/sessies/{market.slug}", f"/sessies/{market.slug}/live"]

    without = ["/markt" in visitor.get(page).text for page in pages]
    make.stand(market.edition_id)

    assert without == [False, False]
    assert ['href="/markt"' in visitor.get(page).text for page in pages] == [True, True]


def test_an_organiser_makes_a_stand_and_invites_its_holder_by_mail(app, make, clock):
    make.edition()
    organiser, visitor = make.browser(make.person("Ans", roles=["organiser"])), make.browser()
    fields = {
        "title": "De soepbus",
        "initiative": "",
        "day": "2027-01-28",
        "opens": "13:00",
        "closes": "16:00",
    }

    made = organiser.post("/organisatie/markt", data={**fields, "op": "eerste-keer"})
    again = organiser.post("/organisatie/markt", data={**fields, "op": "eerste-keer"})
    ask = re.search(r'href="(/organisatie/rollen[^"]+)#vraag"', organiser.get(made.location).text).group(1)
    chosen = organiser.get(ask.replace("&amp;", "&")).text
    stand_id = re.search(r'<option selected value="([\w-]{36})">De soepbus', chosen).group(1)
    invited = {"email": "gerda@buurt.example", "role": "stand_holder"}
    nowhere = organiser.post("/organisatie/rollen", data=invited)
    organiser.post("/organisatie/rollen", data={**invited, "stand": stand_id})

    assert (nowhere.status_code, "Kies welke kraam" in nowhere.text) == (422, True)
    assert made.location == again.location == "/organisatie/markt/de-soepbus"
    assert visitor.get("/markt").text.count("De soepbus") == 1
    assert 'href="/markt"' in visitor.get("/").text
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "invited")).one()
    asked = re.search(r"/uitnodiging/[\w-]+", mail.text).group()
    guest = make.browser()
    assert "Kraamhouder" in guest.get(asked).text
    guest.post(asked, data={"name": "Gerda"})
    assert "Gerda" in organiser.get(made.location).text


def test_hours_that_end_before_they_begin_are_refused_and_stay_typed(make):
    make.edition()
    organiser = make.browser(make.person("Ans", roles=["organiser"]))

    answer = organiser.post(
        "/organisatie/markt",
        data={
            "title": "De soepbus",
            "day": "2027-01-28",
            "opens": "16:00",
            "closes": "13:00",
            "initiative": "",
        },
    )

    assert answer.status_code == 422
    assert 'value="De soepbus"' in answer.text
    assert "Kies een latere tijd" in answer.text


def test_holders_furnish_their_own_stand_and_no_other(make, stand):
    other = make.stand(make.edition().id, "De muurkrant")
    gerda = holder(make, stand)
    fields = {"about": "Soep op dinsdag.", "film_url": "", "film_said": "", "talk_url": ""}

    own = gerda.post(f"/kraam/{stand.slug}/inrichten", data=fields)
    of_another = gerda.post(f"/kraam/{other.slug}/inrichten", data=fields)

    assert (own.status_code, of_another.status_code) == (303, 403)
    assert gerda.get(f"/kraam/{other.slug}").status_code == 403
    assert "Soep op dinsdag." in make.browser().get(f"/markt/{stand.slug}").text
    assert "Soep op dinsdag." not in make.browser().get(f"/markt/{other.slug}").text


def test_a_role_for_no_stand_opens_no_stand(make, stand):
    somebody = make.browser(make.person("Bo", roles=["stand_holder"]))

    assert somebody.get("/kraam").status_code == 403
    assert somebody.get(f"/kraam/{stand.slug}").status_code == 403


def test_a_film_needs_its_words_and_comes_only_after_a_click(make, stand):
    gerda = holder(make, stand)
    fields = {"about": "", "film_url": "https://www.youtube.com/watch?v=abcdefghijk", "talk_url": ""}

    refused = gerda.post(f"/kraam/{stand.slug}/inrichten", data={**fields, "film_said": ""})
    gerda.post(f"/kraam/{stand.slug}/inrichten", data={**fields, "film_said": "Wij koken."})

    page, playing = (make.browser().get(f"/markt/{stand.slug}{asked}") for asked in ("", "?film=1"))
    assert refused.status_code == 422
    assert "Wij koken." in page.text
    assert "<iframe" not in page.text
    assert "youtube" not in page.headers["Content-Security-Policy"]
    assert "<iframe" in playing.text
    assert "youtube-nocookie.com" in playing.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://buurt.example", "bbb:zaal", "zomaar"])
def test_an_address_that_is_none_is_refused(make, stand, address):
    gerda = holder(make, stand)

    film = gerda.post(f"/kraam/{stand.slug}/inrichten", data={"film_url": address, "film_said": "Ja."})
    paper = gerda.post(f"/kraam/{stand.slug}/papieren", data={"title": "Folder", "url": address})

    assert (film.status_code, paper.status_code) == (422, 422)


def test_pictures_have_words_and_papers_a_name(make, stand):
    gerda = holder(make, stand)
    sent = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(sent, "PNG")

    def hang(**more):
        file = (io.BytesIO(sent.getvalue()), "soep.png")
        return gerda.post(f"/kraam/{stand.slug}/fotos", data={"picture": file, **more})

    assert hang(alt="").status_code == 422
    assert hang(alt="Een pan soep").status_code == 303
    gerda.post(f"/kraam/{stand.slug}/papieren", data={"title": "Folder", "url": "https://soep.example/f.pdf"})
    page = make.browser().get(f"/markt/{stand.slug}").text
    assert 'alt="Een pan soep"' in page
    assert 'href="https://soep.example/f.pdf"' in page

    edit = gerda.get(f"/kraam/{stand.slug}/inrichten").text
    for away in re.findall(rf'action="(/kraam/{stand.slug}/\w+/[\w-]+/weg)"', edit):
        assert gerda.post(away).status_code == 303
    page = make.browser().get(f"/markt/{stand.slug}").text
    assert "Een pan soep" not in page
    assert "f.pdf" not in page


def test_who_is_there_is_seen_until_they_leave_forget_or_the_stand_closes(make, stand, clock):
    gerda, visitor = holder(make, stand), make.browser()
    page = f"/markt/{stand.slug}"

    assert "Er is nu niemand in deze kraam." in visitor.get(page).text
    gerda.post(f"/kraam/{stand.slug}/aanwezig")
    assert "Gerda" in visitor.get(page).text
    assert "iemand is er nu" in visitor.get("/markt").text
    gerda.post(f"/kraam/{stand.slug}/aanwezig", data={"weg": "1"})
    assert "Gerda" not in visitor.get(page).text
    gerda.post(f"/kraam/{stand.slug}/aanwezig")
    clock(OPEN + timedelta(hours=2))
    assert "Gerda" not in visitor.get(page).text
    assert "Deze kraam is gesloten" in visitor.get(page).text
    assert gerda.post(f"/kraam/{stand.slug}/aanwezig").status_code == 409


def test_after_its_hours_a_stand_leads_to_its_example(make, clock):
    example = make.initiative()
    stand = make.stand(make.edition().id, initiative_id=example.id)
    clock(START + timedelta(days=1))

    page = make.browser().get(f"/markt/{stand.slug}").text

    assert f'href="/wijkwijzer/voorbeelden/{example.slug}"' in page


def test_an_organiser_closes_a_stand_and_opens_it_again(make, stand, clock):
    organiser, visitor = make.browser(make.person("Ans", roles=["organiser"])), make.browser()

    organiser.post(f"/organisatie/markt/{stand.slug}/sluiten")
    assert "Deze kraam is gesloten" in visitor.get(f"/markt/{stand.slug}").text
    organiser.post(f"/organisatie/markt/{stand.slug}/openen")
    assert "Deze kraam is gesloten" not in visitor.get(f"/markt/{stand.slug}").text


def test_a_stand_of_an_edition_that_is_not_open_is_not_there(make):
    from dagvandebuurt.programme.editing.models import EditionStatus

    stand = make.stand(make.edition(status=EditionStatus.DRAFT).id)

    assert make.browser().get(f"/markt/{stand.slug}").status_code == 404


def test_two_hundred_stands_are_listed_with_as_many_queries_as_two(app, make, clock):
    edition = make.edition()
    visitor = make.browser()

    def queries():
        asked = []
        with app.app_context():
            engine = db.engine

        def count(_connection, _cursor, statement, *_more):
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        page = visitor.get("/markt").text
        event.remove(engine, "before_cursor_execute", count)
        return page.count("/markt/kraam-"), len(asked)

    for _ in range(2):
        make.stand(edition.id)
    visitor.get("/markt")  # what is remembered between pages is read once
    few = queries()
    hours = {
        "opens_at": START,
        "closes_at": START + timedelta(hours=3),
        "made_at": START,
        "changed_at": START,
    }
    make.store(
        *(
            MarketStand(edition_id=edition.id, title="Nog een", slug=f"kraam-x{each}", **hours)
            for each in range(198)
        )
    )
    many = queries()

    assert (few[0], many[0]) == (2, 200)
    assert many[1] <= few[1]


def test_the_video_call_of_a_stand_is_shown_to_nobody_who_did_not_wait_their_turn(make, stand):
    gerda, visitor = holder(make, stand), make.browser()
    fields = {"about": "", "film_url": "", "film_said": "", "talk_url": "https://beeld.buurt.example/soep"}
    gerda.post(f"/kraam/{stand.slug}/inrichten", data=fields)
    shown = [fields["talk_url"] in visitor.get(f"/markt/{stand.slug}").text]
    for left in ({}, {"weg": "1"}):
        gerda.post(f"/kraam/{stand.slug}/aanwezig", data=left)
        shown.append(fields["talk_url"] in visitor.get(f"/markt/{stand.slug}").text)

    assert shown == [False, False, False]
