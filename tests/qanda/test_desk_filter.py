"""Looking among the questions of the desk, by the address: what the script does at once."""

import re

import pytest

from dagvandebuurt.qanda.desk_filter import DeskFilter
from dagvandebuurt.qanda.models import QuestionStatus

ARABIC = "متى يتم جمع النفايات في شارعنا؟"


@pytest.fixture
def shown(make, session):
    make.question(session, text="Waarom staat het grofvuil er drie weken?", shown_neighbourhood="Sterrenhof")
    make.question(session, text="Wanneer komt er een café?", status=QuestionStatus.VISIBLE)
    make.question(session, text="Waarom doet meneer De Vries van nummer 12 niets?")
    make.question(session, text=ARABIC)
    desk = make.browser(make.moderator("Jolien"))

    def ask(query):
        page = desk.get(f"/sessies/{session.slug}/regie{query}").text
        cards = re.findall(r'<article class="desk-card".*?</article>', page.partition("<template")[0], re.S)
        assert len(cards) == 4  # a filter hides; it is no other list
        return page, [card for card in cards if " data-sifted" not in card.partition(">")[0]]

    return ask


@pytest.mark.parametrize(
    ("query", "number", "has"),
    [
        ("", 4, "grofvuil"),
        ("?zoek=GROFVUIL", 1, "grofvuil"),
        ("?zoek=weken+waarom", 1, "grofvuil"),
        ("?zoek=sterrenhof", 1, "grofvuil"),
        ("?zoek=cafe", 1, "café"),
        ("?taal=ar", 1, ARABIC),
        ("?noemt=1", 1, "De Vries"),
        ("?eerste=1&zoek=drie", 1, "grofvuil"),
        ("?zoek=niets+dat+er+staat", 0, ""),
        ("?eerste=ja&taal=&zoek=", 4, "grofvuil"),
    ],
)
def test_the_desk_shows_what_is_looked_for(shown, query, number, has):
    page, cards = shown(query)

    assert len(cards) == number
    assert not has or any(has in card for card in cards)
    assert ("van 4 vragen" in page) == (number < 4)


def test_an_empty_filter_is_off_and_an_odd_address_breaks_nothing():
    assert not DeskFilter.from_address({"zoek": "  ", "taal": "", "eerste": "0"}).is_on
    assert DeskFilter.from_address({"zoek": "x" * 5000, "taal": "<script>"}).words == "x" * 100
