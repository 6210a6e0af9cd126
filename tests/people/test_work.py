"""Mijn werk: the desks of each role, the first page after login, and pages that say no with a way on."""

import re
from datetime import timedelta

import pytest

from dagvandebuurt.people.identity import Identity, Stranger
from dagvandebuurt.people.models import Role
from dagvandebuurt.people.work import desks_for, first_page, has_work

FIRST = {
    (): "/mijn",
    (Role.SUPPORTER,): "/mijn/anderen",
    (Role.HOST,): "/regie",
    (Role.MODERATOR,): "/mijn/werk",  # sessions, and the texts of everybody
    (Role.CAPTIONER,): "/ondertitels",
    (Role.EDITOR,): "/lessen/regie",
    (Role.LEARNING_COORDINATOR,): "/wijkwijzer/regie",
    (Role.ORGANISER,): "/organisatie",
    (Role.ADMIN,): "/mijn/werk",  # the organisation, and the lessons
    (Role.EDITOR, Role.ORGANISER): "/mijn/werk",
}


def holder(make, roles):
    return make.person(roles=roles) if roles else make.person()


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


@pytest.mark.parametrize("roles", FIRST, ids=lambda roles: "+".join(roles) or "resident")
def test_role_decides_the_first_page_and_every_desk_opens(app, make, now, session, roles):
    person = holder(make, roles)
    with app.test_request_context("/"):
        actor = Identity(
            person.id, None, person.name, has_account=True, grants=frozenset((r, None) for r in roles)
        )
        assert first_page(actor) == FIRST[roles]
        assert has_work(actor) == bool(roles)
        assert not has_work(Stranger())
        urls = [page.url for desk in desks_for(actor) for page in desk.pages]

    browser = make.browser(person)
    listed = browser.get("/mijn/werk").get_data(as_text=True)
    for url in urls:
        assert f'href="{url}"' in listed
        assert browser.get(url).status_code == 200, url
    assert ("Je hebt hier geen taak." in listed) == (not roles)


def test_side_navigation_marks_the_page_and_counts_what_waits(make, session):
    make.question(session, text="Wie wacht er?")
    browser = make.browser(make.moderator())

    page = browser.get("/regie").get_data(as_text=True)
    nav = page[page.index('<nav class="work__nav"') :]
    nav = nav[: nav.index("</nav>")]

    assert re.search(r'href="/regie" aria-current="page".*?<span class="count">1<', nav, re.DOTALL)
    assert nav.count("aria-current") == 1
    assert 'href="/moderatie"' in nav
    assert "/organisatie" not in nav


def test_a_missing_page_offers_the_search_and_the_menu(make):
    answer = make.browser().get("/nergens")

    assert answer.status_code == 404
    assert 'action="/zoeken"' in answer.get_data(as_text=True)
    assert answer.get_data(as_text=True).count('role="search"') == 1
    assert "Nummer van deze melding: 404" in words(answer)


def test_who_is_not_logged_in_reads_what_mijn_dag_is(make):
    answer = make.browser().get("/mijn")

    assert answer.status_code == 401
    assert "jouw programma, je vragen met hun antwoord" in words(answer)


def test_a_closed_room_names_its_session_and_leads_there(make, now):
    later = make.session("Groene daken", starts_at=now + timedelta(hours=3), ends_at=now + timedelta(hours=4))

    answer = make.browser(make.person()).get(f"/sessies/{later.slug}/live")

    assert answer.status_code == 403
    assert "Groene daken" in words(answer)
    assert f'href="/sessies/{later.slug}"' in answer.get_data(as_text=True)
