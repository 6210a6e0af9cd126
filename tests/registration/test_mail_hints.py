"""A hint for a mistyped mail address: given where it helps, and no address is ever refused for it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.mail_hints import DOMAINS, meant, mistakes_between
from dagvandebuurt.registration.models import Registration

TYPED = {"name": "Sjaan", "participant_role": "resident", "domain": "", "neighbourhood": "", "house_rules": "y", "privacy": "y"}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("sjaan@gmial.com", "sjaan@gmail.com"),
        ("sjaan@gmail.con", "sjaan@gmail.com"),
        ("Sjaan.Vos@GMAL.com", "Sjaan.Vos@gmail.com"),
        ("sjaan@hotmial.nl", "sjaan@hotmail.nl"),
        ("sjaan@homtail.co", "sjaan@hotmail.com"),
        ("sjaan@zigo.nl", "sjaan@ziggo.nl"),
        ("sjaan@kpnmai.nl", "sjaan@kpnmail.nl"),
        ("sjaan@gmail.com.", None),
    ],
)
def test_a_mistyped_domain_gives_the_one_that_was_meant(typed, right):
    assert meant(typed) == right


@pytest.mark.parametrize("domain", [*DOMAINS, "lindermond.nl", "buurt.example", "kpn.com", "thuis.nl"])
def test_a_domain_that_exists_gives_no_hint(domain):
    assert meant(f"sjaan@{domain}") is None


@pytest.mark.parametrize(
    "typed", ["", "@", "sjaan", "sjaan@", "@gmial.com", "sjaan@" + "x" * 5000 + ".nl", "s@京.日本"]
)
def test_what_is_no_address_gives_no_hint(typed):
    assert meant(typed) is None


def test_letters_swapped_are_one_mistake():
    assert [
        mistakes_between(typed, "gmail.com") for typed in ("gmail.com", "gmial.com", "gmaill.com", "x")
    ] == [0, 1, 1, 3]


@pytest.fixture
def edition(make, now):
    return make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(hours=1)
    )


@pytest.mark.usefixtures("edition")
def test_the_mistyped_one_is_registered_and_told(app, make):
    told = make.browser().post("/aanmelden", data=TYPED | {"email": "sjaan@gmial.com"}, follow_redirects=True)
    silent = make.browser().post(
        "/aanmelden", data=TYPED | {"email": "sjaan@buurt.example"}, follow_redirects=True
    )

    assert (told.status_code, silent.status_code) == (200, 200)
    assert "Bedoelde je sjaan@gmail.com?" in told.text
    assert "Bedoelde je" not in silent.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Registration)) == 2


@pytest.mark.usefixtures("edition")
def test_the_form_hands_the_script_the_same_domains(make):
    page = make.browser().get("/aanmelden").text

    assert re.search(r'data-domains="([^"]*)"', page).group(1).split() == list(DOMAINS)
    [field] = re.findall(r'data-for="([^"]*)"', page)
    assert re.search(rf'<input[^>]*id="{field}"[^>]*>', page)
