"""Partners: arranged by organisers, in order, on the front page with a logo or by name."""

import io
import re

import pytest
from PIL import Image
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotAllowed
from dagvandebuurt.parts.partners import rules
from dagvandebuurt.parts.partners.errors import TooManyPartners
from dagvandebuurt.parts.partners.models import Partner
from dagvandebuurt.parts.partners.queries import partners

PAGE = "/organisatie/partners"


@pytest.fixture
def organiser(make, session):
    return make.browser(make.person("Roos", roles=["organiser"]))


def picture():
    with io.BytesIO() as file:
        Image.new("RGBA", (300, 100), (160, 58, 44, 128)).save(file, "PNG")
        return io.BytesIO(file.getvalue())


def typed(**values):
    return {"name": "Wijkfonds", "url": "https://wijkfonds.example", "alt": ""} | values


def names(app):
    with app.app_context():
        return [each.name for each in partners()]


def of(app, name):
    with app.app_context():
        return db.session.scalar(select(Partner).where(Partner.name == name))


def front(make):
    return make.browser().get("/").text.partition('id="partners"')[2].partition("</section>")[0]


def test_a_partner_with_a_logo_stands_on_the_front_page(app, make, organiser):
    assert "Mogelijk gemaakt door" not in make.browser().get("/").text

    answer = organiser.post(PAGE, data=typed(picture=(picture(), "logo.png"), alt="Een rode brug"))

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    shown = front(make)
    assert '<a href="https://wijkfonds.example" rel="noreferrer">' in shown
    assert 'alt="Een rode brug"' in shown
    logo = re.search(r'src="(/beeld/[0-9a-f]{32}\.webp)"', shown)[1]
    assert make.browser().get(logo).headers["Content-Type"] == "image/webp"
    assert 'width="300" height="100"' in shown


def test_without_a_logo_or_an_address_its_name_stands_there(make, organiser):
    organiser.post(PAGE, data=typed(name="Buurt <b>& Co</b>", url=""))

    shown = front(make)
    assert '<span class="partner-name">Buurt &lt;b&gt;&amp; Co&lt;/b&gt;</span>' in shown
    assert "<a " not in shown


def test_the_order_is_the_organisers(app, make, organiser):
    for name in ("Een", "Twee", "Drie"):
        organiser.post(PAGE, data=typed(name=name))
    for name in ("Drie", "Drie", "Een"):
        organiser.post(f"{PAGE}/{of(app, name).id}/omhoog", data={})

    assert names(app) == ["Een", "Drie", "Twee"]
    assert re.findall(r'partner-name">(\w+)<', front(make)) == names(app)


def test_changing_keeps_the_logo_and_removing_takes_it_off(app, make, organiser):
    organiser.post(PAGE, data=typed(picture=(picture(), "logo.png")))
    there = of(app, "Wijkfonds")

    organiser.post(f"{PAGE}/{there.id}", data=typed(name="Wijkfonds Noord"))
    assert (names(app), of(app, "Wijkfonds Noord").logo) == (["Wijkfonds Noord"], there.logo)

    organiser.post(f"{PAGE}/{there.id}/weg", data={})
    assert names(app) == []
    assert organiser.post(f"{PAGE}/{there.id}/weg", data={"op": "x" * 20}).status_code == 404


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "  "}, "Geef een naam."),
        ({"url": "javascript:alert(1)"}, "Dit is geen adres van een website."),
        ({"url": "http://wijkfonds.example"}, "Dit is geen adres van een website."),
        ({"picture": (io.BytesIO(b"<svg onload=alert(1)>"), "logo.svg")}, "geen foto die we kunnen lezen"),
    ],
    ids=["no name", "script", "http", "svg"],
)
def test_what_is_refused_stays_typed_and_stores_nothing(app, organiser, values, said):
    answer = organiser.post(PAGE, data=typed(**({"name": "Blijft staan"} | values)))

    assert answer.status_code == 422
    assert said in answer.text
    assert "Blijft staan" in answer.text or "name" in values
    assert names(app) == []


def test_pressed_twice_it_stands_there_once(app, organiser):
    for _again in range(2):
        organiser.post(PAGE, data=typed(op="one-operation-only"))

    assert names(app) == ["Wijkfonds"]


def test_only_organisers_and_administrators_arrange_them(app, make, session, inside):
    for roles in ([], ["moderator"], ["editor"]):
        actor = make.identity("Iemand", roles=roles)
        with pytest.raises(NotAllowed):
            rules.add(actor, None, name="X", url="", alt="", logo=None, now=session.starts_at)
    admin = make.identity("Beheer", roles=["admin"])
    for number in range(rules.MOST):
        rules.add(admin, None, name=f"P{number}", url="", alt="", logo=None, now=session.starts_at)
    with pytest.raises(TooManyPartners):
        rules.add(admin, None, name="X", url="", alt="", logo=None, now=session.starts_at)
    assert db.session.scalar(select(func.count()).select_from(Partner)) == rules.MOST
