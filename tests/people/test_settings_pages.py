"""*Mijn dag* and the pages of settings: each part has one place, and old links still arrive at it."""

import re
from datetime import timedelta

import pytest

from dagvandebuurt.registration.models import PlaceStatus, SessionChoice

PAGES = {
    "over-mij": "Bewaar mijn gegevens",
    "aanmelding": "Bewijs van deelname",
    "berichten": "Bewaar mijn keuze",
    "inloggen": "Ik wil een wachtwoord kiezen",
    "gegevens": "Naar mijn gegevens",
}
# Fragments of parts that stood on `/mijn` itself, in mails and bookmarks.
MOVED = (
    "over-mij",
    "antwoorden",
    "wachtwoord",
    "berichten",
    "mail",
    "kalender",
    "gegevens",
    "lijst",
    "bewijs",
)


@pytest.fixture
def noors(make, session):
    return make.browser(make.person("Noor"))


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_settings_has_its_part_and_leads_to_the_others(noors, page):
    answer = noors.get(f"/mijn/instellingen/{page}")

    assert answer.status_code == 200
    assert PAGES[page] in answer.text
    for other in PAGES:
        assert f'href="/mijn/instellingen/{other}"' in answer.text
        assert other == page or PAGES[other] not in answer.text.split("<main")[1]


def test_the_day_itself_has_no_settings_and_leads_to_each(noors):
    page = noors.get("/mijn").text

    for path, part in PAGES.items():
        assert f'href="/mijn/instellingen/{path}"' in page
        assert part not in page
    assert all(f'href="/mijn/instellingen/{path}"' in noors.get("/mijn/instellingen").text for path in PAGES)


@pytest.mark.parametrize("part", MOVED)
def test_an_old_link_to_a_part_arrives_at_the_line_that_leads_to_it(noors, part):
    page = noors.get("/mijn").text

    [path] = re.findall(rf'<span id="{part}"></span>(?:<span[^>]*></span>)*\s*<a href="([^"]+)"', page)
    assert noors.get(path).status_code == 200
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_what_is_saved_leads_back_to_its_own_page(noors):
    details = {"name": "Noor de Wit", "participant_role": "resident", "domain": "", "neighbourhood": "Oost"}

    saved = noors.post("/mijn/gegevens/verbeteren", data=details)
    mailed = noors.post("/mijn/berichten", data={})
    listed = noors.post("/mijn/aanwezigheid", data={"lijst": "nee"})
    refused = noors.post("/mijn/gegevens/verbeteren", data=details | {"name": ""})

    assert saved.location == "/mijn/instellingen/over-mij"
    assert mailed.location == "/mijn/instellingen/berichten#berichten"
    assert listed.location == "/mijn/instellingen/aanmelding#lijst"
    assert refused.status_code == 422
    assert 'value="Oost"' in refused.text
    assert "Noor de Wit" in noors.get(saved.location).text


def test_a_guest_is_asked_to_register_and_reads_no_password(make, session):
    hers = make.browser(make.guest("Riet"))

    assert "Je bent hier als gast" in hers.get("/mijn").text
    assert 'href="/aanmelden"' in hers.get("/mijn").text.split("<main")[1]
    assert "wachtwoord kiezen" not in hers.get("/mijn/instellingen/inloggen").text
    assert "Je krijgt dus geen mail" in hers.get("/mijn/instellingen/berichten").text


def test_without_an_edition_every_page_is_there(make):
    hers = make.browser(make.person("Noor"))

    assert [hers.get(f"/mijn/instellingen/{page}").status_code for page in PAGES] == [200] * 5
    assert hers.get("/mijn").status_code == 200


def test_who_chose_nothing_is_led_to_what_is_in_progress(make, now):
    round_ = make.round()
    session = make.session(round=round_, starts_at=now, ends_at=now + timedelta(minutes=45))
    later = make.session(
        "Straks open", round=round_, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2)
    )

    page = make.browser(make.person("Noor")).get("/mijn").text

    assert "Nu bezig: kijk binnen" in page
    assert f'href="/sessies/{session.slug}/live"' in page
    assert later.title not in page


def test_what_is_over_is_folded_away_and_can_not_be_given_up(make, now):
    noor, round_ = make.person("Noor"), make.round()
    session = make.session(round=round_, starts_at=now, ends_at=now + timedelta(minutes=45))
    over = make.session(
        "Vroeger", round=round_, starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1)
    )
    for each in (session, over):
        make.store(
            SessionChoice(session_id=each.id, person_id=noor.id, status=PlaceStatus.CONFIRMED, chosen_at=now)
        )

    page = make.browser(noor).get("/mijn").text

    assert "1 sessie die voorbij is" in page
    assert page.index(session.title) < page.index("1 sessie die voorbij is") < page.index("Vroeger")
    assert f"/sessies/{session.slug}/loslaten" in page
    assert f"/sessies/{over.slug}/loslaten" not in page
