"""*Dit wil ik ook in mijn buurt*: one press without an account, counted once, that leads to a contact or a question."""

import re

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.market.models import MarketWish
from dagvandebuurt.programme.models import Place
from tests.market.conftest import holder


def press(visitor, stand, **fields):
    return visitor.post(f"/markt/{stand.slug}/wil-ik-ook", data={"place": ""} | fields)


def number(app):
    with app.app_context():
        return len(db.session.scalars(select(MarketWish.visitor_key)).all())


def test_one_press_counts_once_for_each_browser_and_can_be_taken_back(app, make, stand):
    visitor, other = make.browser(), make.browser()

    for _ in "ab":
        assert press(visitor, stand).location == f"/markt/{stand.slug}/wil-ik-ook"
    press(other, stand)
    assert number(app) == 2
    press(visitor, stand, weg="1")

    assert number(app) == 1
    assert "1 bezoeker wil dit ook." in holder(make, stand).get(f"/kraam/{stand.slug}").text


def test_everybody_reads_the_number_from_ten_on(make, stand):
    page = f"/markt/{stand.slug}"
    for _ in range(9):
        press(make.browser(), stand)
    assert "bezoekers willen dit ook" not in make.browser().get(page).text

    press(make.browser(), stand)

    assert "10 bezoekers willen dit ook." in make.browser().get(page).text


def test_the_stand_reads_places_without_small_numbers(make, stand):
    large, small = (
        make.store(Place(code=name, name=name, kind="municipality")) for name in ("Meerwolde", "Kleindorp")
    )
    for _ in range(10):
        press(make.browser(), stand, place=str(large.id))
    press(make.browser(), stand, place=str(small.id))
    press(make.browser(), stand)

    gerda = holder(make, stand)
    page = gerda.get(f"/kraam/{stand.slug}").text
    for _ in range(9):
        press(make.browser(), stand, place=str(small.id))

    assert "12 bezoekers willen dit ook." in page
    assert "Kleindorp" not in page
    assert "<bdi>Kleindorp</bdi>: 10" in gerda.get(f"/kraam/{stand.slug}").text


def test_it_becomes_a_note_or_a_learning_question(make, clock):
    example = make.initiative()
    stand = make.stand(make.edition().id, initiative_id=example.id)
    visitor, known = make.browser(), make.browser(make.identity())

    page = visitor.get(press(visitor, stand).location).text
    contact = re.search(r'href="([^"]+wens=1)#briefje"', page).group(1)
    asking = re.search(r'href="(/wijkwijzer/leervragen/stel[^"]*)"', page).group(1)

    assert 'value="Dit wil ik ook in mijn buurt."' in visitor.get(contact).text
    assert f"Hoe begin ik zoiets als {example.title} in mijn buurt?" in known.get(asking).text
    assert "Hoe begin ik zoiets" not in known.get("/wijkwijzer/leervragen/stel?voorbeeld=verzonnen").text


def test_without_an_example_the_question_is_asked_in_ones_own_words(make, stand):
    page = make.browser().get(f"/markt/{stand.slug}/wil-ik-ook").text

    assert 'href="/wijkwijzer/leervragen/stel"' in page


def test_a_place_that_is_none_is_refused(app, make, stand):
    assert press(make.browser(), stand, place="verzonnen").status_code == 422
    assert number(app) == 0
