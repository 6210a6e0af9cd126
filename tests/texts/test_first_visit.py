"""A first visit: the language of the browser, the way in with a number, and a search that leads on."""

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import of_browser
from dagvandebuurt.people.models import Person


@pytest.fixture
def edition(make, now):
    return make.edition()


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [
        ("", "nl"), ("nl-NL,nl;q=0.9,en;q=0.8", "nl"), ("en-US,en;q=0.9,nl;q=0.5", "nl"), ("en-GB,en;q=0.9", "en"),
        ("tr-TR,tr;q=0.9", "en"), ("*", "nl"), ("x" * 500, "en"), (";;q=,,", "nl"),
    ],
)  # fmt: skip
def test_the_first_page_speaks_the_language_of_the_browser(make, edition, asked, spoken):
    answer = make.browser().get("/", headers={"Accept-Language": asked} if asked else {})

    assert f'<html lang="{spoken}"' in answer.text
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_choice_and_an_account_come_before_the_browser(make, edition):
    english = {"Accept-Language": "en"}
    visitor, noor = make.browser(), make.browser(make.person("Noor"))
    visitor.post("/taal", data={"taal": "nl", "verder": "/"})

    assert '<html lang="nl"' in visitor.get("/", headers=english).text
    assert '<html lang="nl"' in noor.get("/", headers=english).text


def test_a_guest_keeps_the_language_in_which_they_came_in(app, make, edition):
    make.browser().post("/gast", data={"name": "Kasia"}, headers={"Accept-Language": "pl"})

    with app.app_context():
        assert db.session.query(Person).filter_by(name="Kasia").one().language == "en"


def test_no_language_at_all_is_dutch():
    assert of_browser([]) == of_browser(["*"]) == "nl"


def test_the_front_page_shows_a_visitor_the_door_with_a_number(make, edition):
    assert 'href="/kom"' in make.browser().get("/").text
    assert 'href="/kom"' not in make.browser(make.person("Noor")).get("/").text


def test_a_search_without_results_leads_on(make, session):
    page = make.browser().get("/zoeken?q=xylofoon").text

    assert "Of vraag het" in page
    assert 'href="/programma"' in page.split("Of vraag het")[1]
    assert 'href="/wijkwijzer/leervragen/nieuw"' in page or "/wijkwijzer/" in page.split("Of vraag het")[1]


def test_a_search_with_other_words_says_which(make):
    make.session("Alles over afval")

    page = make.browser().get("/zoeken?q=vuilnis").text

    assert "Niets gevonden met “vuilnis”" in page
    assert 'href="/zoeken?q=afval"' in page
    assert "Alles over" in page
