"""Lesson from draft to comment, bookmark, report and appeal."""

import re

import pytest

from tests.browser.pages import come_in_as, sticks_out, violations, wrong_markup
from tests.browser.test_walk import Person

pytestmark = pytest.mark.browser
TITLE = "Een bankje is meer dan een bankje"
BODY = """## Eerst was er niets

Voor de flat stond **niets**. Dat zei iedereen.

## Toen kwam er een bank

- Joke vroeg het de gemeente.
- Na een half jaar stond hij er."""
COMMENT = "Bij ons stond hij er na een week."


@pytest.fixture
def kept(tmp_path):
    return tmp_path


@pytest.fixture
def picture(tmp_path):
    from PIL import Image

    path = tmp_path / "bank.jpg"
    Image.effect_noise((900, 600), 60).convert("RGB").save(path)
    return path


def test_a_lesson_from_draft_to_appeal(browser, served, kept, picture):
    phone, wide = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
    sven = Person(browser, served, kept, viewport=wide)
    carolien = Person(browser, served, kept, viewport=wide, color_scheme="dark")
    reader = Person(browser, served, kept, viewport=phone)
    other = Person(browser, served, kept, viewport=phone, java_script_enabled=False)
    jolien, ruben = (Person(browser, served, kept, viewport=wide) for _ in range(2))
    sven.demo_login("Sven Appelhof")
    carolien.demo_login("Carolien Stam-Oei")
    jolien.demo_login("Jolien Verkaik")
    ruben.demo_login("Ruben Haverkate")

    # 1. Sven writes, and sees how it looks while he types.
    page = sven.go("/lessen/regie")
    sven.check("desk")
    page.get_by_label("Titel van de nieuwe les").fill(TITLE)
    page.get_by_role("button", name="Begin een les").click()
    page.get_by_label("Inleiding").fill("Een plek om te zitten. Meer was het niet.")
    for number, point in enumerate(("Vraag het.", "Wacht niet.", "Zit."), 1):
        page.get_by_label(f"In het kort: punt {number}").fill(point)
    page.get_by_label("De les").fill(BODY)
    shown = page.locator("[data-shown]")
    shown.get_by_role("heading", name="Toen kwam er een bank").wait_for()
    assert shown.locator("strong", has_text="niets").count() == 1
    page.get_by_label("Geschreven door").select_option(index=1)
    page.locator("summary", has_text="Sessies").click()
    page.get_by_label("Rommel op straat").first.check()
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_text("Bewaard.").first.wait_for()
    sven.check("editor")
    page.get_by_label("Kies een foto").set_input_files(picture)
    page.get_by_label("Wat is erop te zien?").fill("Een bank voor een flat")
    page.get_by_label("Wie maakte de foto?").fill("Joke")
    page.get_by_label("Onder welke licentie?").select_option("Eigen werk")
    page.get_by_role("button", name="Bewaar de foto").click()
    page.locator(".writing__photo").wait_for()
    page.get_by_role("button", name="Laat nalezen").click()
    page.get_by_text("Iemand anders leest de les na.").first.wait_for()
    assert page.get_by_role("button", name="Keur goed").count() == 0
    address = page.url

    # 2. Carolien asks for a change, then approves and publishes.
    judge = carolien.go(address)
    carolien.check("review")
    judge.get_by_label("Wat moet er anders?").fill("Zeg waar de bank staat.")
    judge.get_by_role("button", name="Vraag om een wijziging").click()
    judge.get_by_text("De schrijver leest wat er anders moet.").first.wait_for()
    page.reload()
    page.get_by_text("Zeg waar de bank staat.").first.wait_for()
    page.get_by_label("De les").fill(BODY.replace("de flat", "de flat aan de Lindelaan"))
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_role("button", name="Laat nalezen").click()
    judge.get_by_role("link", name="Alle versies").click()
    judge.wait_for_url("**/versies")
    carolien.check("revisions")
    judge.get_by_role("link", name=re.compile("Versie 4")).click()
    judge.wait_for_url("**/versies/4")
    assert judge.locator(".difference ins").all_inner_texts() == [" aan de Lindelaan"]
    carolien.check("difference")
    carolien.go(address).get_by_role("button", name="Keur goed").click()
    judge.get_by_role("button", name="Publiceer nu").click()
    judge.get_by_text("De les staat online.").first.wait_for()

    # 3. A reader without an account comments and saves; both wait until they are in.
    page = reader.go("/lessen")
    reader.check("lessons")
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_url("**/lessen/een-bankje**")
    reader.check("lesson")
    lesson = page.url
    assert page.locator(".lesson__photo img").evaluate("image => image.naturalWidth") == 900
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.wait_for_url("**/inloggen**")
    reader.go(lesson).get_by_label("Jouw reactie").fill(COMMENT)
    page.get_by_role("button", name="Plaats reactie").click()
    page.wait_for_url("**/inloggen**")
    come_in_as(page, "Mila Roovers")
    page.wait_for_url("**/lessen/een-bankje**")
    page.get_by_role("button", name="Bewaard").wait_for()
    page.get_by_text("Alleen jij ziet hem").first.wait_for()
    reader.check("waiting")

    # 4. Somebody reads it first; then everybody does, and one of them reports it, without scripts.
    desk = jolien.go("/moderatie")
    card = desk.locator(".desk-card").filter(has_text=COMMENT)
    card.get_by_role("button", name="Toon aan iedereen").click()
    desk.get_by_text("Iedereen kan het nu lezen.").first.wait_for()
    page = other.go(lesson)
    assert page.get_by_role("heading", name="1 reactie").count() == 1
    page.get_by_role("link", name="Meld de reactie van Mila Roovers").click()
    page.get_by_role("button", name="Verstuur mijn melding").wait_for()
    (kept / "report.html").write_text(page.content())
    page.get_by_label("Het gaat over een persoon").check()
    page.get_by_label("Ik meld dit eerlijk").check()
    page.get_by_role("button", name="Verstuur mijn melding").click()
    assert page.get_by_text("Een moderator kijkt ernaar").count() >= 1
    receipt = page.url

    # 5. A decision, told to both; its author asks another moderator to look again.
    desk = jolien.go("/moderatie")
    card = desk.locator(".desk-card").filter(has_text=COMMENT)
    card.locator("summary", has_text="Verberg deze reactie").click()
    card.get_by_label("Leg het uit aan de schrijver").fill("Dit helpt niemand.")
    jolien.check("moderation")
    card.get_by_role("button", name="Verberg deze reactie").click()
    desk.get_by_text("Verborgen. De schrijver leest waarom.").first.wait_for()
    assert other.go(receipt).get_by_text("Je had gelijk: de reactie is verborgen.").count() == 1
    page = reader.go("/mijn")
    reader.check("mine")
    assert page.locator("#bewaard").get_by_text(TITLE).count() == 1
    page.locator("#mijn-reacties").get_by_role("link", name="Niet mee eens?").click()
    page.get_by_text("Dit helpt niemand.").first.wait_for()
    page.get_by_label("Waarom moet iemand anders").fill("Het is gewoon waar.")
    page.get_by_role("button", name="Verstuur mijn bezwaar").click()
    page.get_by_text("Een andere moderator kijkt opnieuw").first.wait_for()
    reader.check("contest")
    jolien.go("/moderatie").get_by_text("Jij hebt dit besloten.").first.wait_for()
    desk = ruben.go("/moderatie")
    desk.get_by_label("Schrijf waarom", exact=True).last.fill("Het is een gewone mening.")
    ruben.check("appeal")
    desk.get_by_role("button", name="Toon het weer").click()
    desk.get_by_text("Je besluit staat er.").first.wait_for()
    assert other.go(lesson).get_by_text(COMMENT).count() == 1
    assert reader.go("/dev/mail").get_by_text("Je bezwaar: dit is besloten").count() == 1

    # 6. The numbers, and the pages as they are.
    ruben.go("/spelregels/cijfers")
    ruben.check("numbers")
    assert wrong_markup(sorted(kept.glob("*.html"))) == []
    for person in (sven, carolien, reader, jolien, ruben):
        assert person.complaints == []


def test_two_editors_at_once_lose_nothing(browser, served, kept):
    sven, carolien = (Person(browser, served, kept, viewport={"width": 320, "height": 700}) for _ in range(2))
    sven.demo_login("Sven Appelhof")
    carolien.demo_login("Carolien Stam-Oei")
    page = sven.go("/lessen/regie")
    page.get_by_label("Titel van de nieuwe les").fill("Samen schrijven")
    page.get_by_role("button", name="Begin een les").click()
    page.get_by_label("De les").fill("## Van Sven\n\nEen zin van Sven.")
    second = carolien.go(page.url)
    second.get_by_label("De les").fill("## Van Carolien\n\nEen zin van Carolien.")
    page.get_by_role("button", name="Bewaar", exact=True).click()
    page.get_by_text("Bewaard.").first.wait_for()

    second.get_by_role("button", name="Bewaar", exact=True).click()
    second.get_by_text("Intussen bewaarde iemand anders deze tekst").first.wait_for()

    assert "Een zin van Sven." in second.get_by_label("De tekst van de ander").input_value()
    assert "Een zin van Carolien." in second.get_by_label("De les").input_value()
    assert (violations(second), sticks_out(second)) == ([], 0)
    second.get_by_role("button", name="Bewaar", exact=True).click()
    second.get_by_text("Bewaard.").first.wait_for()
    assert "Een zin van Carolien." in second.get_by_label("De les").input_value()


def test_xss_payloads_do_not_run_in_a_real_browser(browser, served, kept):
    """All payloads at once, on a lesson, in its live preview, among comments and on two desks: nothing runs
    and the CSP has nothing to block.
    """
    _fill(served)
    sven, jolien = (Person(browser, served, kept) for _ in range(2))
    sven.demo_login("Sven Appelhof")
    jolien.demo_login("Jolien Verkaik")
    for person in (sven, jolien):
        person.page.add_init_script(
            "window.heard = []; window.kanarie = () => heard.push('ran');"
            "document.addEventListener('securitypolicyviolation', e => heard.push(e.violatedDirective));"
        )
        person.page.on("dialog", lambda dialog: dialog.dismiss())

    for person, path in (
        (sven, "/lessen"), (sven, "/lessen/alles"), (sven, "/lessen/regie/alles"), (sven, "/lessen/alles/versies"),
        (sven, "/lessen/alles/versies/1"), (jolien, "/moderatie"), (jolien, "/mijn"),
    ):  # fmt: skip
        page = person.go(path)
        assert "kanarie" in page.content() or path == "/mijn", path
        assert page.evaluate("window.heard") == [], path
    page = sven.go("/lessen/regie/alles")
    with page.expect_response("**/voorbeeld/les"):
        page.get_by_label("Inleiding").press_sequentially(" en nu")
    page.wait_for_timeout(300)
    assert page.evaluate("window.heard") == []
    assert sven.complaints == jolien.complaints == []

    # A twin: the same page, with one of them as markup.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=kanarie()>')")
    page.wait_for_function("window.heard.length > 0")


def _fill(house):
    """Store a lesson, comments and reports with every payload in the database of a running server."""
    from config import settings
    from dagvandebuurt.app import create_app
    from dagvandebuurt.core import clock
    from dagvandebuurt.core.db import db
    from dagvandebuurt.core.text import clean_text, one_line
    from dagvandebuurt.core.transaction import transaction
    from dagvandebuurt.lessons.content import empty
    from dagvandebuurt.lessons.models import Comment, Lesson, LessonRevision, LessonSection
    from dagvandebuurt.moderation.models import Report
    from dagvandebuurt.people.models import Person as People
    from dagvandebuurt.programme.models import Edition
    from tests.house.payloads import PAYLOADS

    app = create_app(settings({"DATA_FOLDER": str(house.folder), "SECRET_KEY": house.environ["SECRET_KEY"]}))
    everything = clean_text("\n\n".join(PAYLOADS), lines=4000)[:20_000]
    with app.app_context():
        with transaction():
            now, edition = clock.now(), db.session.query(Edition).first()
            writer = db.session.query(People).filter_by(email="mila@deelnemer.example").one()
            title = one_line(PAYLOADS[20])
            lesson = Lesson(
                edition_id=edition.id,
                slug="alles",
                title=title,
                lead=one_line(everything)[:600],
                in_short=[one_line(payload) for payload in PAYLOADS],
                status="published",
                published_at=now,
                changed_at=now,
                corrections=[{"at": now.isoformat(), "what": title}],
            )
            db.session.add(lesson)
            db.session.flush()
            content = empty(title) | {"body": everything, "in_short": []}
            db.session.add_all(
                [
                    LessonSection(
                        lesson_id=lesson.id, position=0, anchor="a", heading=title, body=everything
                    ),
                    LessonRevision(lesson_id=lesson.id, number=1, content=content, what=title, made_at=now),
                ]
            )
            for payload in PAYLOADS:
                said = {
                    "text": clean_text(payload, lines=30),
                    "badge": one_line(payload)[:80],
                    "author_id": writer.id,
                }
                comment = Comment(lesson_id=lesson.id, status="visible", written_at=now, **said)
                db.session.add_all(
                    [comment, Comment(lesson_id=lesson.id, status="pending", written_at=now, **said)]
                )
                db.session.flush()
                about = {"kind": "comment", "comment_id": comment.id, "sent_at": now}
                db.session.add(Report(**about, reason="respect", note=clean_text(payload, lines=12)))
        db.engine.dispose()
