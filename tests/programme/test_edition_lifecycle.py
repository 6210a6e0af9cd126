"""Life of an edition: prepared by several, shown to a few, opened, closed, and closed for good."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from dagvandebuurt.core.clock import local
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.programme.editing.edition_lifecycle import open_as_planned
from dagvandebuurt.programme.editing.models import EditionChange, EditionStatus
from dagvandebuurt.programme.jobs import open_editions
from dagvandebuurt.programme.models import Edition
from tests.live.test_races import at_once
from tests.programme.pages import decide, form_on, send

DESK = "/organisatie/programma"
EDITIONS = f"{DESK}/edities"


@pytest.fixture
def edition(make, now):
    return make.edition(
        title="Buurtdag Oost", year=2031, status=EditionStatus.DRAFT,
        starts_at=now + timedelta(days=90), ends_at=now + timedelta(days=90, hours=4),
    )  # fmt: skip


@pytest.fixture
def session(make, edition):
    return make.session("Samen groen", round=make.round(edition))


@pytest.fixture
def roos(make):
    return make.browser(make.person("Roos", roles=["organiser"]))


@pytest.fixture
def ali(make):
    return make.browser(make.person("Ali", roles=["admin"]))


def status_of(app, edition):
    with app.app_context():
        return db.session.get_one(Edition, edition.id).status.value


def done_to(app, edition):
    with app.app_context():
        found = select(EditionChange.action).where(EditionChange.edition_id == edition.id)
        return [action.value for action in db.session.scalars(found.order_by(EditionChange.at))]


def page_of(browser, edition):
    return browser.get(f"{EDITIONS}/{edition.id}")


def preview_link(browser, edition):
    send(browser, page_of(browser, edition), "/voorproef")
    return re.search(r"/voorproef/[\w.-]{40,}", page_of(browser, edition).text).group()


# --- open, close, close for good ---


def test_a_closed_edition_says_so_in_the_organisers_words_and_opens_again(app, make, roos, edition, session):
    visitor = make.browser()
    decide(roos, edition, "openen")
    assert visitor.get(f"/sessies/{session.slug}").status_code == 200

    decide(roos, edition, "sluiten", note="Maandag staat hier het nieuwe programma.")

    for path in ("/programma/2031", f"/sessies/{session.slug}", "/", "/programma"):
        answer = visitor.get(path)
        assert "Maandag staat hier het nieuwe programma." in answer.text, path
        assert "Samen groen" not in answer.text, path
    assert visitor.get("/programma/2031").status_code == 404
    decide(roos, edition, "openen")
    assert "Samen groen" in visitor.get("/programma/2031").text
    assert done_to(app, edition) == ["open", "close", "open"]
    assert "door Roos" in page_of(roos, edition).text


def test_nothing_happens_by_a_get_or_without_the_question(app, roos, edition):
    for path in ("openen", "sluiten", "afsluiten", "plannen", "voorproef"):
        assert roos.get(f"{EDITIONS}/{edition.id}/{path}").status_code == 405
    roos.post(f"{EDITIONS}/{edition.id}/openen")
    roos.post(f"{EDITIONS}/{edition.id}/openen", data={"zeker": "ja"})  # without what was on screen

    assert (status_of(app, edition), done_to(app, edition)) == ("draft", [])


def test_pressed_twice_it_opens_once(app, roos, edition):
    asked = send(roos, page_of(roos, edition), "/openen")
    action, fields = form_on(asked, "/openen")
    fields["zeker"] = "ja"

    answers = [roos.post(action, data=fields) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert done_to(app, edition) == ["open"]


def test_who_decides_on_an_old_page_is_told_and_nothing_happens(app, roos, ali, edition):
    asked = send(roos, page_of(roos, edition), "/openen")
    decide(ali, edition, "openen")
    decide(ali, edition, "sluiten", note="Nog even niet.")

    late = send(roos, asked, "/openen", zeker="ja")

    assert late.status_code == 409
    assert "Een collega veranderde deze editie intussen." in late.text
    assert "door Ali" in late.text
    assert status_of(app, edition) == "closed"


def test_of_two_organisers_at_once_one_opens(app, make, edition):
    browsers = [make.browser(make.person(name, roles=["organiser"])) for name in ("Roos", "Ali")]
    forms = []
    for browser in browsers:
        action, fields = form_on(send(browser, page_of(browser, edition), "/openen"), "/openen")
        fields["zeker"] = "ja"
        forms.append((browser, action, fields))

    answers = at_once(*[lambda b=b, a=a, f=f: b.post(a, data=f).status_code for b, a, f in forms])

    assert sorted(answers) == [303, 409]
    assert done_to(app, edition) == ["open"]


def test_closing_for_good_takes_the_name_the_day_over_and_an_administrator(
    app, make, roos, ali, edition, session, monkeypatch
):
    decide(ali, edition, "openen")

    assert "/afsluiten" not in page_of(ali, edition).text  # the day is still to come
    late = edition.ends_at + timedelta(days=1)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: late)
    assert "/afsluiten" not in page_of(roos, edition).text
    assert roos.post(f"{EDITIONS}/{edition.id}/afsluiten", data={"zeker": "ja"}).status_code == 403
    wrong = decide(ali, edition, "afsluiten", typed="Buurtdag West")
    assert (wrong.status_code, status_of(app, edition)) == (422, "open")
    assert 'value="Buurtdag West"' in wrong.text

    assert decide(ali, edition, "afsluiten", typed="buurtdag oost ").status_code == 303

    assert status_of(app, edition) == "archived"
    assert "Samen groen" in make.browser().get("/programma/2031").text
    for path in ("openen", "sluiten", "afsluiten"):
        assert ali.post(f"{EDITIONS}/{edition.id}/{path}").status_code == 409
    ali.post(f"{EDITIONS}/{edition.id}/kiezen")
    saved = send(ali, ali.get(f"{DESK}/sessies/nieuw"), title="Te laat")
    assert "voorgoed afgesloten" in saved.text


def test_a_day_to_come_is_not_closed_for_good(app, ali, edition):
    decide(ali, edition, "openen")
    seen = form_on(page_of(ali, edition), "/sluiten")[1]["seen"]

    typed = {"zeker": "ja", "typed": edition.title, "seen": seen}
    answer = ali.post(f"{EDITIONS}/{edition.id}/afsluiten", data=typed)

    assert "nog niet voorbij" in answer.text
    assert status_of(app, edition) == "open"


def test_the_history_only_grows(app, roos, edition):
    decide(roos, edition, "openen")
    with app.app_context(), pytest.raises(DatabaseError), transaction():
        db.session.execute(db.text("DELETE FROM edition_change"))


# --- planned ---


def planned(browser, edition, moment):
    here = local(moment)
    day, hour = here.date().isoformat(), here.strftime("%H:%M")
    return send(browser, page_of(browser, edition), "/plannen", day=day, hour=hour)


def test_an_edition_opens_by_itself_at_the_planned_moment(
    app, make, roos, edition, session, now, monkeypatch
):
    moment = (now + timedelta(days=3)).replace(second=0, microsecond=0)
    assert planned(roos, edition, moment).status_code == 303
    assert "gaat vanzelf open op" in page_of(roos, edition).text
    assert open_editions(app) == 0

    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)

    assert [open_editions(app), open_editions(app)] == [1, 0]
    assert "Samen groen" in make.browser().get("/programma/2031").text
    assert done_to(app, edition) == ["plan", "open_as_planned"]


def mails_of_the_opening(app):
    with app.app_context():
        opened = select(Mail).where(Mail.dedupe_key.startswith("opened:")).order_by(Mail.to)
        return [(mail.to, mail.subject, mail.text) for mail in db.session.scalars(opened)]


def test_organisers_hear_that_an_edition_opened_by_itself(
    app, make, roos, edition, session, now, monkeypatch
):
    make.person("Ada", roles=["admin"], email="ada@buurt.example", language="en")
    make.person("Ben", roles=["organiser", "admin"], email="ben@buurt.example")
    make.person("Jo", roles=["moderator"], email="jo@buurt.example")
    make.person("Weg", roles=["organiser"], email="weg@buurt.example", suspended_at=now)
    moment = (now + timedelta(days=3)).replace(second=0, microsecond=0)
    planned(roos, edition, moment)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
    open_editions(app)
    open_editions(app)

    found = mails_of_the_opening(app)
    told = {to: (subject, text) for to, subject, text in found}
    page = f"/organisatie/programma/edities/{edition.id}"

    assert len(found) == len(told)  # one each, also with two roles
    assert {"ada@buurt.example", "ben@buurt.example"} <= set(told)
    assert not {"jo@buurt.example", "weg@buurt.example"} & set(told)
    assert told["ben@buurt.example"][0] == f"{edition.title} is nu open"
    assert told["ada@buurt.example"][0] == f"{edition.title} is open now"
    assert all(page in text for _subject, text in told.values())


def test_an_edition_that_somebody_opens_mails_nobody(app, roos, edition, session):
    assert decide(roos, edition, "openen").status_code == 303
    assert mails_of_the_opening(app) == []


def test_an_opening_that_cannot_be_told_is_done_and_told_later(app, roos, edition, session, now, monkeypatch):
    """The mail is in the same transaction as the opening: never one without the other."""
    moment = (now + timedelta(days=3)).replace(second=0, microsecond=0)
    planned(roos, edition, moment)
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)
    with monkeypatch.context() as broken:
        broken.setattr("dagvandebuurt.programme.notices.post", lambda *_, **__: 1 / 0)
        assert open_editions(app) == 0
    assert status_of(app, edition) == "draft"

    assert open_editions(app) == 1
    assert len(mails_of_the_opening(app)) == 1


def test_a_planned_opening_is_cancelled(app, roos, edition, now, monkeypatch):
    moment = (now + timedelta(days=3)).replace(second=0, microsecond=0)
    planned(roos, edition, moment)
    assert send(roos, page_of(roos, edition), "/plan-weg").status_code == 303
    monkeypatch.setattr("dagvandebuurt.core.clock.now", lambda: moment)

    assert open_editions(app) == 0
    with app.app_context(), transaction():  # the job found it a moment before
        assert open_as_planned(edition.id, now=moment) is False
    assert status_of(app, edition) == "draft"


def test_a_moment_that_was_is_refused_and_stays_on_the_page(app, roos, edition, now):
    answer = planned(roos, edition, now - timedelta(days=1))
    empty = send(roos, page_of(roos, edition), "/plannen", day="", hour="")

    assert (answer.status_code, empty.status_code) == (422, 422)
    assert "Kies een moment dat nog komt." in answer.text
    assert local(now - timedelta(days=1)).date().isoformat() in answer.text
    assert done_to(app, edition) == []


# --- preview ---


def test_who_has_the_link_sees_what_visitors_will_see(app, make, roos, edition, session):
    make.session("Nog geheim", round=make.round(edition), status="draft")
    link = preview_link(roos, edition)
    guest, stranger = make.browser(), make.browser()

    opened = guest.get(link)

    assert opened.status_code == 303
    assert "noindex" in opened.headers["X-Robots-Tag"]
    for path in ("/", "/programma", "/programma/2031", f"/sessies/{session.slug}"):
        page = guest.get(path)
        assert page.status_code == 200, path
        assert "Dit is een voorproef" in page.text, path
        assert '<meta name="robots" content="noindex' in page.text, path
        assert "noindex" in page.headers["X-Robots-Tag"], path
        assert "Nog geheim" not in page.text
    assert "Samen groen" in guest.get("/programma").text
    assert stranger.get("/programma/2031").status_code == 404
    assert "voorproef" not in stranger.get("/").text
    assert guest.post(f"/sessies/{session.slug}/kies").status_code in (404, 405)
    assert guest.get(f"/sessies/{session.slug}/live").status_code == 404  # nothing can be done in it
    left = send(guest, guest.get("/"), "/voorproef-verlaten")
    assert left.status_code == 303
    assert guest.get("/programma/2031").status_code == 404


def test_a_preview_and_the_page_for_everybody_are_kept_apart(make, roos, edition, session):
    """The programme page is cached for all its readers: its banner must not be."""
    link = preview_link(roos, edition)
    guest = make.browser()
    guest.get(link)
    assert "Dit is een voorproef" in guest.get("/programma").text
    decide(roos, edition, "openen")

    assert "Dit is een voorproef" not in make.browser().get("/programma").text
    assert "Dit is een voorproef" not in guest.get("/programma").text  # it ended with the opening


def test_a_revoked_link_ends_everywhere_at_once(make, roos, edition, session):
    link = preview_link(roos, edition)
    guest = make.browser()
    guest.get(link)
    send(roos, page_of(roos, edition), "/voorproef/weg")

    assert guest.get("/programma/2031").status_code == 404
    assert make.browser().get(link).status_code == 410
    again = preview_link(roos, edition)
    assert again != link
    assert make.browser().get(again).status_code == 303


@pytest.mark.parametrize("token", ["x", "W10.AAAA", "WyJhIl0.x", "eyJhIjoxfQ.x"])
def test_a_made_up_link_opens_nothing(make, edition, token):
    assert make.browser().get(f"/voorproef/{token}").status_code == 410
