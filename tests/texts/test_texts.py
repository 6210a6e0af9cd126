"""Texts of the site: written by an organiser, read by everybody, and no version is lost."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from dagvandebuurt.core.db import db
from dagvandebuurt.core.text import clean_text
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Person
from dagvandebuurt.registration.letters import remind_of_the_day
from dagvandebuurt.texts.models import SiteTextVersion
from dagvandebuurt.texts.site_pages import PAGES, standard_of

PUBLIC = ["/", "/over", "/zo-werkt-het", "/toegankelijkheid", "/privacy", "/cookies", "/spelregels"]
# What only an organiser can know: no standard text says it.
CLAIMS = re.compile(
    r"28 januari|28 January|1\.600|1,600|[Gg]ratis|for free|Er is ondertiteling|binnen een week|within a week"
    r"|op de dag zelf meteen|We volgen WCAG|[Vv]oldoet aan WCAG|Bel ons\.",
)


@pytest.fixture
def organiser(make):
    return make.browser(make.person("Anna", roles=["organiser"]))


def typed(code, seen=0, **changed):
    page = next(page for page in PAGES if page.code == code)
    return {**standard_of(page), **changed, "seen": str(seen), "op": uuid4().hex}


def write(browser, code, seen=0, **changed):
    return browser.post(f"/organisatie/teksten/{code}", data=typed(code, seen, **changed))


def versions(app, code="about"):
    with app.app_context():
        return db.session.scalars(
            select(SiteTextVersion).where(SiteTextVersion.page == code).order_by(SiteTextVersion.number)
        ).all()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_empty_site_has_every_text_and_claims_nothing_that_it_cannot_know(make, now, language):
    make.edition(starts_at=now + timedelta(days=150), ends_at=now + timedelta(days=150, hours=4))
    browser = make.browser()
    browser.post("/taal", data={"taal": language})

    for path in PUBLIC:
        answer = browser.get(path)
        page = html.unescape(answer.text)
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in page
        assert CLAIMS.findall(page) == [], path
    statement = browser.get("/toegankelijkheid").text
    assert {"nl": "Nog niet onderzocht", "en": "Not audited yet"}[language] in statement


def test_a_standard_text_stays_what_it_is_when_it_is_saved(app):
    for page in PAGES:
        values = standard_of(page)
        assert {key: clean_text(text, lines=2000) for key, text in values.items()} == values
        assert [
            key for key in values if key.endswith("_en") and values[key] == values[key[:-2] + "nl"] != ""
        ] in (
            [],
            ["title_en"],  # cookies, privacy: the same word
        ), page.code


def test_what_an_organiser_writes_everybody_reads_in_their_language(app, make, organiser):
    answer = write(
        organiser, "about", body_nl="Wij zijn de **Rivierenwijk**.\n\n## Wie\n\nBuren.", title_en=""
    )

    assert answer.status_code == 303
    visitor = make.browser()
    assert "Wij zijn de <strong>Rivierenwijk</strong>." in visitor.get("/over").text
    assert '<h2 id="wie">Wie</h2>' in visitor.get("/over").text
    visitor.post("/taal", data={"taal": "en"})
    english = visitor.get("/over").text
    assert '<h1 lang="nl">Over Buurtdag</h1>' in english  # left empty: in Dutch, and said to be
    assert "Residents ask their questions" in english
    # The rest follows a later release.
    assert [set(version.content) for version in versions(app)] == [{"body_nl", "title_en"}]


def test_a_preview_stores_nothing_and_shows_what_was_typed(app, organiser):
    shown = organiser.post(
        "/organisatie/teksten/about", data=typed("about", body_nl="Nog niet.") | {"doe": "voorbeeld"}
    )
    live = organiser.post("/organisatie/teksten/about/voorbeeld", data=typed("about", body_nl="Half af."))

    assert "<p>Nog niet.</p>" in shown.text
    assert "<p>Half af.</p>" in live.text
    assert "<html" not in live.text
    assert versions(app) == []


def test_markup_of_an_organiser_is_no_script(make, organiser):
    evil = "<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](//evil.example) <img src=x onerror=alert(1)>"

    assert write(organiser, "about", title_nl="<b>Kop</b>", body_nl=evil).status_code == 303

    page = make.browser().get("/over").text.split("<main")[1].split("</main>")[0]
    assert not re.search(r"<script|<img|<b>|href=\"(javascript|//)", page)
    assert "&lt;b&gt;Kop&lt;/b&gt;" in page


def test_the_second_of_two_editors_sees_the_other_text_and_keeps_their_own(app, make, organiser):
    other = make.browser(make.person("Bert", roles=["organiser"]))
    assert write(organiser, "about", body_nl="Van Anna.").status_code == 303

    refused = write(other, "about", body_nl="Van Bert.")

    assert refused.status_code == 409
    theirs = re.search(r'id="hun-tekst".*?</textarea>', refused.text, re.S).group()
    mine = re.search(r'name="body_nl".*?</textarea>', refused.text, re.S).group()
    assert ("Van Anna." in theirs, "Van Bert." in mine) == (True, True)
    assert 'name="seen" type="hidden" value="1"' in refused.text
    assert write(other, "about", seen=1, body_nl="Van Bert en Anna.").status_code == 303
    assert [version.content["body_nl"] for version in versions(app)] == ["Van Anna.", "Van Bert en Anna."]


def test_of_editors_at_the_same_instant_one_is_saved_and_the_others_hear_it(app, make):
    people = [make.browser(make.person(f"Wie {n}", roles=["organiser"])) for n in range(4)]
    start = Barrier(len(people))

    def save(number):
        start.wait()
        return write(people[number], "about", body_nl=f"Van {number}.").status_code

    with ThreadPoolExecutor(len(people)) as at_once:
        answers = list(at_once.map(save, range(len(people))))

    assert sorted(answers) == [303, 409, 409, 409]
    [version] = versions(app)
    assert version.content["body_nl"] == f"Van {answers.index(303)}."


def test_pressed_twice_it_is_one_version_and_without_a_change_none(app, organiser):
    sent = typed("about", body_nl="Eens.")

    assert [organiser.post("/organisatie/teksten/about", data=sent).status_code for _ in "ab"] == [303, 303]
    assert write(organiser, "about", seen=1, body_nl="Eens.").status_code == 303
    assert [version.number for version in versions(app)] == [1]


def test_an_older_version_and_the_standard_text_can_be_put_back(app, make, organiser):
    for seen, words in enumerate(["Eerst.", "Daarna."]):
        write(organiser, "about", seen=seen, body_nl=words)
    changed = organiser.get("/organisatie/teksten/about/versies/2").text
    assert "<del>Eerst</del><ins>Daarna</ins>" in changed
    assert "Anna" in organiser.get("/organisatie/teksten/about/versies").text

    def put_back(number, seen):
        return organiser.post(
            f"/organisatie/teksten/about/versies/{number}/terug", data={"seen": seen, "op": uuid4().hex}
        ).status_code

    assert put_back(1, 2) == 303
    assert "Eerst." in make.browser().get("/over").text
    assert put_back(0, 2) == 409  # somebody put one back meanwhile
    assert put_back(0, 3) == 303
    assert "Eerst." not in make.browser().get("/over").text
    assert [version.from_number for version in versions(app)] == [None, None, 1, 0]


def test_nobody_changes_or_deletes_a_version(app, organiser):
    write(organiser, "about", body_nl="Blijft.")
    with app.app_context():
        for statement in (update(SiteTextVersion).values(number=9), delete(SiteTextVersion)):
            with pytest.raises(DBAPIError, match="only grows"):
                db.session.execute(statement)
            db.session.rollback()


def test_the_text_stays_when_its_writer_is_erased(app, organiser):
    write(organiser, "about", body_nl="Blijft.")
    with app.app_context():
        anna = db.session.scalar(select(Person.id).where(Person.name == "Anna"))
        db.session.execute(delete(Person).where(Person.id == anna))
        db.session.commit()

    assert [(version.made_by_id, version.content["body_nl"]) for version in versions(app)] == [
        (None, "Blijft.")
    ]


def test_a_verdict_about_accessibility_needs_the_audit_behind_it(make, organiser):
    refused = write(organiser, "access", status="full")
    wrong = write(
        organiser, "access", status="partial", looked_on="gisteren", looked_by="Wij", report="javascript:x"
    )

    assert (refused.status_code, wrong.status_code) == (422, 422)
    assert "Een oordeel staat op een onderzoek" in html.unescape(refused.text)
    assert write(
        organiser, "access", status="partial", looked_on="2027-01-04", looked_by="Bureau Toegang",
        short_nl="De kaart werkt niet met een toetsenbord.", report="https://rapport.example/1",
    ).status_code == 303  # fmt: skip
    statement = make.browser().get("/toegankelijkheid").text
    assert "Voldoet voor een deel" in statement
    assert "4 januari 2027" in statement
    assert "De kaart werkt niet" in statement
    assert "Nationale ombudsman" in statement


def test_privacy_names_the_controller_and_its_table_is_the_software_s(make, organiser):
    rows = make.browser().get("/privacy").text.count("<tr")
    assert rows > 10
    assert "nog niet ingevuld wie ze is" in make.browser().get("/privacy").text

    write(
        organiser,
        "privacy",
        controller="Stichting Rivierenwijk",
        address="Kade 1",
        known_nl="",
        grounds_nl="Art. 6.1e",
    )

    page = make.browser().get("/privacy").text
    assert "Stichting Rivierenwijk" in page
    assert "nog niet ingevuld wie ze is" not in page
    assert page.count("<tr") == rows
    assert "Autoriteit Persoonsgegevens" in page


@pytest.mark.parametrize(
    ("roles", "status"), [([], 403), (["editor"], 403), (["moderator"], 403), (["admin"], 303)]
)
def test_who_may_write(make, roles, status):
    assert (
        write(make.browser(make.person("Iemand", roles=roles)), "about", body_nl="Ik.").status_code == status
    )


def test_too_long_and_too_short_come_back_with_a_sentence(app, organiser):
    answer = write(organiser, "about", title_nl="", body_nl="a" * 20_001)

    assert answer.status_code == 422
    assert "Schrijf hier eerst iets op." in answer.text
    assert "Houd het bij 20000 tekens." in answer.text
    assert "a" * 20_001 in answer.text
    assert versions(app) == []


def test_pages_of_the_desk_hold_no_number_that_no_database_holds(organiser):
    for number in ("0", "1", "99999999999999999999"):
        status = organiser.get(f"/organisatie/teksten/about/versies/{number}").status_code
        assert status == (200 if number == "0" else 404)
    assert organiser.get("/organisatie/teksten/onzin").status_code == 404
    assert (
        organiser.post("/organisatie/teksten/about", data=typed("about", seen="x", body_nl="Ja.")).status_code
        == 409
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_an_organiser_s_words_stand_around_what_a_mail_must_say(app, make, now, organiser, language):
    make.edition(
        registration_opens_at=now - timedelta(days=1), registration_closes_at=now + timedelta(hours=1)
    )
    evil = "Tot dan!\n<b>Vet</b> {{ 7 * 7 }}"
    own = {
        "confirm_opening_nl": "Wat leuk.",
        "confirm_closing_nl": evil,
        "signature_nl": "Anna\nRivierenwijk",
    }
    assert write(organiser, "mail", reply_to="geen adres").status_code == 422
    assert write(organiser, "mail", reply_to="anna@wijk.example", **own).status_code == 303

    visitor = make.browser()
    visitor.post("/taal", data={"taal": language})
    form = {"name": "Sjaan", "email": "sjaan@buurt.example", "participant_role": "resident", "domain": "",
            "neighbourhood": "", "house_rules": "y", "privacy": "y"}  # fmt: skip
    assert visitor.post("/aanmelden", data=form).status_code == 303

    with app.app_context():
        [mail] = db.session.scalars(select(Mail).where(Mail.kind == "confirm"))
    at = [
        mail.text.index(each) for each in ("Wat leuk.", "/link/", "Tot dan!", "Anna\nRivierenwijk", "/mijn")
    ]
    assert at == sorted(at)  # and the way to one's own page stays
    assert "&lt;b&gt;Vet&lt;/b&gt; {{ 7 * 7 }}" in mail.html
    assert mail.headers["Reply-To"] == "anna@wijk.example"


def test_the_reminder_has_them_too_and_keeps_the_way_to_stop_it(app, make, now, organiser):
    write(organiser, "mail", reminder_opening_nl="Neem je buurvrouw mee.", reply_to="anna@wijk.example")
    edition, person = make.edition(), make.person("Noor")

    with app.app_context(), transaction():
        remind_of_the_day(db.session.get_one(Person, person.id), edition, [], now=now)
    with app.app_context():
        [mail] = db.session.scalars(select(Mail).where(Mail.kind == "note"))
    assert mail.text.index("Neem je buurvrouw mee.") < mail.text.index("Morgen is")
    assert set(mail.headers) == {"Reply-To", "List-Unsubscribe", "List-Unsubscribe-Post"}
    assert "Deze mails niet meer?" in mail.text
