"""Whole day by three people in three browsers: what `make demo` promises."""

import csv
import io
import re
from pathlib import Path

import pytest
import vobject
from openpyxl import load_workbook

from tests.browser.pages import come_in_as, doubled_fields, sticks_out, violations, wrong_markup

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"
ROOM = "/sessies/rommel-op-straat"
QUESTION = "Wie veegt de stoep na de markt?"
ANSWER = "De marktmeester, elke dinsdag om vijf uur."


class Person:
    """Person with a browser. Every page they see is collected, to be checked at the end."""

    def __init__(self, browser, house, kept, **how):
        self.house, self.kept = house, kept
        self.context = browser.new_context(base_url=house.url, locale="nl-NL", accept_downloads=True, **how)
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", self._complain)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _complain(self, message):
        # A page that says no in words (404, 422) is also a line in the console; that is no fault.
        if message.type == "error" and "responded with a status of 4" not in message.text:
            self.complaints.append(message.text)

    def go(self, path):
        self.page.goto(path)
        return self.page

    def check(self, name):
        """Check this page as it is now: axe, width, and collect its markup for the checker."""
        assert violations(self.page) == []
        assert sticks_out(self.page) <= 0, name
        assert doubled_fields(self.page) == []
        (self.kept / f"{name}.html").write_text(self.page.request.get(self.page.url).text())

    def demo_login(self, name):
        come_in_as(self.go("/inloggen"), name)
        self.page.wait_for_url(lambda url: "/inloggen" not in url)


@pytest.fixture
def kept(tmp_path):
    return tmp_path


def test_a_whole_day(browser, demo_house, kept):
    resident = Person(browser, demo_house, kept, viewport={"width": 320, "height": 640})
    moderator = Person(browser, demo_house, kept, viewport={"width": 1280, "height": 900})
    organiser = Person(browser, demo_house, kept, viewport={"width": 768, "height": 1024})

    # 1. A visitor sees what the day is, and registers.
    page = resident.go("/")
    resident.check("home")
    page.get_by_role("link", name="Doe mee, in één minuut").click()
    resident.check("register")
    page.get_by_role("button", name="Meld mij aan").click()
    assert page.get_by_text("Vul een naam in.").count() >= 1
    assert violations(page) == []
    page.get_by_label("Hoe mogen we je noemen?").fill("Sjaan O'Brien")
    page.get_by_label("E-mailadres").fill("sjaan+dag@buurt.example")
    page.get_by_label("Bewoner", exact=True).check()
    page.get_by_label(re.compile("Jouw buurt")).fill("Sterrenhof")
    page.get_by_label("Ik houd me aan de spelregels").check()
    page.get_by_label("Ik heb gelezen").check()
    page.get_by_role("button", name="Meld mij aan").click()
    page.get_by_role("heading", name="Nog één stap").wait_for()
    assert violations(page) == []

    page = resident.go("/dev/mail")
    page.get_by_role("link", name="Bevestig je aanmelding, dan is je plek zeker").first.click()
    resident.check("mail")
    page.locator("a[href*='/link/']").click()
    resident.check("link")
    page.get_by_role("button", name="Ja, dat ben ik").click()
    page.wait_for_url("**/mijn")
    page.get_by_text("Je plek op de dag is zeker.").wait_for()
    resident.check("mine")
    page.get_by_role("main").get_by_role("link", name="Inloggen").click()
    resident.check("own_login")

    # 2. Logging in: by link, by password, and with one click in the demo.
    page.get_by_text("Ik wil een wachtwoord kiezen").click()
    page.get_by_label("Nieuw wachtwoord").fill("een hele lange zin")
    page.get_by_role("button", name="Bewaar mijn wachtwoord").click()
    page.get_by_role("button", name="Log uit").click()
    page.get_by_text("Je bent uitgelogd.").first.wait_for()
    page = resident.go("/inloggen")
    resident.check("login")
    page.get_by_text("Ik heb een wachtwoord").click()
    page.locator("form[action$='wachtwoord'] input[name=email]").fill("Sjaan+Dag@buurt.example")
    page.get_by_label("Wachtwoord", exact=True).fill("een hele lange zin")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/mijn")
    moderator.demo_login("Jolien Verkaik")
    organiser.demo_login("Roos Wildervank")

    # 3. The programme, a choice, and a calendar file.
    page = resident.go("/programma")
    resident.check("programme")
    page.get_by_role("link", name="Rommel op straat").first.click()
    resident.check("session")
    page.get_by_role("button", name="Zet in mijn programma").click()
    page.get_by_role("button", name="Haal uit mijn programma").wait_for()
    page = resident.go("/mijn")
    with page.expect_download() as download:
        page.get_by_role("link", name="Zet in je agenda").click()
    [event] = vobject.readOne(Path(download.value.path()).read_text()).vevent_list
    assert event.summary.value == "Rommel op straat: van klagen naar een afspraak"
    assert event.url.value.endswith(f"{ROOM}/live")

    # 4. The session room: ask, and see it wait.
    page.get_by_role("link", name="Ga naar de sessie").click()
    page.locator("[data-script=ready]").wait_for()
    resident.check("room")
    neighbour = Person(browser, demo_house, kept, viewport={"width": 1280, "height": 900})
    neighbour.demo_login("Tariq Vinke")
    neighbour.go(f"{ROOM}/live").locator("[data-script=ready]").wait_for()
    neighbour.page.wait_for_timeout(800)
    before = neighbour.page.locator("[data-questions]").inner_text()
    page.get_by_label("Schrijf hier je vraag, idee of signaal").fill(QUESTION)
    page.get_by_role("button", name="Stuur mijn vraag").click()
    page.get_by_text("Ontvangen. De moderator leest je vraag.").wait_for()
    assert page.get_by_label("Schrijf hier je vraag, idee of signaal").input_value() == ""
    own = page.locator("[data-mine-list] li").filter(has_text=QUESTION)
    own.get_by_text("Wacht op de moderator").wait_for()

    # 5. The moderator's desk: show it; the others see it within a second, and nothing moves.
    desk = moderator.go(f"{ROOM}/regie")
    waiting = desk.locator("[data-column=waiting] [data-question]").filter(has_text=QUESTION)
    waiting.wait_for()
    moderator.check("desk")
    waiting.get_by_role("button", name="Toon aan de zaal").click()
    neighbour.page.locator("[data-new]:not([hidden])").wait_for()
    assert neighbour.page.locator("[data-questions]").inner_text() == before
    neighbour.page.get_by_role("button", name="1 nieuwe vraag tonen").click()
    shown = neighbour.page.locator("[data-question]").filter(has_text=QUESTION)
    assert "bewoner uit Sterrenhof" in shown.inner_text()
    shown.get_by_role("button", name=re.compile("Steun")).click()
    shown.locator("[aria-pressed=true]").wait_for()
    own.get_by_text("Iedereen kan hem lezen").wait_for()
    desk.locator("[data-column=visible] [data-question]").filter(has_text=QUESTION).get_by_text(
        "1"
    ).first.wait_for()
    neighbour.check("room-neighbour")

    # … put it live, and answer.
    on_desk = desk.locator("[data-question]").filter(has_text=QUESTION)
    on_desk.get_by_role("button", name="Zet aan de beurt").click()
    page.locator("[data-onstage]:not([hidden])").filter(has_text=QUESTION).wait_for()
    take_picture(neighbour.page, "room")
    take_picture(desk, "desk")
    on_desk.locator("summary", has_text="Antwoord").click()
    on_desk.get_by_label("Kort antwoord, voor iedereen te lezen").fill(ANSWER)
    on_desk.get_by_role("button", name="Zet het antwoord erbij").click()
    own.get_by_text("Beantwoord", exact=True).wait_for()
    shown.get_by_text(ANSWER).wait_for()
    as_it_is_live = cards(neighbour.page)
    neighbour.page.reload()
    neighbour.page.locator("[data-script=ready]").wait_for()
    assert cards(neighbour.page) == as_it_is_live

    # … and hide another with a reason that its asker reads.
    neighbour.page.get_by_label("Schrijf hier je vraag, idee of signaal").fill(
        "Waarom doet mijn buurman van nummer 7 niets?"
    )
    neighbour.page.get_by_role("button", name="Stuur mijn vraag").click()
    unfit = desk.locator("[data-column=waiting] [data-question]").filter(has_text="nummer 7")
    unfit.wait_for()
    unfit.locator("summary", has_text="Verberg").click()
    unfit.get_by_label("Je herkent iemand").check()
    unfit.get_by_role("button", name="Verberg deze vraag").click()
    neighbour.page.locator("[data-mine-list]").get_by_text(
        "Schrijf niet over iemand die anderen herkennen"
    ).wait_for()

    # 6. The organiser: figures and files, with names to who says what for.
    page = organiser.go("/organisatie")
    organiser.check("organiser")
    files = {}

    def take(name, role="link"):
        with page.expect_download() as download:
            page.get_by_role(role, name=name, exact=True).click()
        files[name] = Path(download.value.path()).read_bytes()

    take("Hele programma (.ics)")
    page.get_by_role("link", name="Alle bestanden, ook met namen").click()
    organiser.check("downloads")
    take("Aanmeldingen (CSV)")
    assert b"sjaan+dag@buurt.example" not in files["Aanmeldingen (CSV)"]
    page.get_by_label("Ja, met namen en e-mailadressen").check()
    page.get_by_label("Waar heb je de namen voor nodig?").fill("Naamkaartjes bij de deur")
    for name in ("Aanmeldingen", "Aanwezigheid per sessie"):
        for form in ("CSV", "Excel"):
            take(f"{name} ({form}), met namen", "button")
    registered = list(
        csv.reader(io.StringIO(files["Aanmeldingen (CSV), met namen"].decode("utf-8-sig")), delimiter=";")
    )
    assert any(row[0] == "Sjaan O'Brien" and row[1] == "sjaan+dag@buurt.example" for row in registered)
    sheet = load_workbook(io.BytesIO(files["Aanmeldingen (Excel), met namen"])).active
    assert sheet.max_row == len(registered)
    attended = list(
        csv.reader(
            io.StringIO(files["Aanwezigheid per sessie (CSV), met namen"].decode("utf-8-sig")), delimiter=";"
        )
    )
    excel = load_workbook(io.BytesIO(files["Aanwezigheid per sessie (Excel), met namen"])).active.iter_rows(
        values_only=True
    )
    # People came in between the two downloads: what the first holds, the second holds.
    assert {(row[0], row[1]) for row in attended} <= {(row[0], row[1]) for row in excel}
    assert len(attended) > 600
    assert len(vobject.readOne(files["Hele programma (.ics)"].decode()).vevent_list) == 21

    # 7. Lessons: a stranger's comment and wish to save survive logging in.
    stranger = Person(browser, demo_house, kept, viewport={"width": 320, "height": 640})
    page = stranger.go("/lessen")
    stranger.check("lessons")
    page.get_by_role("link", name="Geen antwoord is ook een antwoord, en wel het slechtste").click()
    stranger.check("lesson")
    page.get_by_role("button", name="Bewaar").click()
    come_in_as(page, "Mila Roovers")
    page.wait_for_url("**/lessen/**")
    page.get_by_role("button", name="Bewaard").wait_for()
    other = Person(browser, demo_house, kept, viewport={"width": 1280, "height": 900})
    page = other.go("/lessen/simpel-schrijven-is-macht-delen")
    page.get_by_role("heading", name="Nog geen reacties").wait_for()
    page.get_by_label("Jouw reactie").fill("Dit hangen wij in de hal.")
    page.get_by_role("button", name="Plaats reactie").click()
    come_in_as(page, "Ellen Bosvelt")
    page.wait_for_url("**/lessen/**")
    page.get_by_text("Dit hangen wij in de hal.").wait_for()

    # 8. Afterwards: what happened to my question?
    page = resident.go("/mijn")
    mine = page.locator("#vragen")
    assert ANSWER in mine.inner_text()
    mine.get_by_role("link", name="Bekijk en deel het antwoord").click()
    page.get_by_role("heading", name=QUESTION).wait_for()
    resident.check("question")

    assert wrong_markup(sorted(kept.glob("*.html"))) == []
    for person in (resident, moderator, organiser, neighbour, stranger, other):
        assert person.complaints == []


def cards(page):
    """Return the questions in a fixed order: the same live and after a reload."""
    return sorted(
        re.sub(r"\s+", " ", card.evaluate("card => card.innerText + card.dataset.status"))
        for card in page.locator("[data-questions] [data-question]").all()
    )


def take_picture(page, name):
    """Take the screenshot of the README."""
    PICTURES.mkdir(exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / f"{name}.png", clip={"x": 0, "y": 0, "width": 1280, "height": 900})


def test_legal_and_error_pages_are_valid(browser, demo_house, kept):
    visitor = Person(browser, demo_house, kept, viewport={"width": 320, "height": 640})
    paths = {
        "help": "/zo-werkt-het", "handbooks": "/hulp", "handbook": "/hulp/organiseren", "about": "/over", "privacy": "/privacy", "access": "/toegankelijkheid",
        "cookies": "/cookies", "rules": "/spelregels", "missing": "/nergens", "closed": "/sessies/studio-buurt/live",
        "mine-closed": "/mijn", "desk-closed": f"{ROOM}/regie", "letterbox": "/dev/mail", "style": "/stijl",
    }  # fmt: skip
    for name, path in paths.items():
        visitor.go(path)
        visitor.check(name)

    assert wrong_markup(sorted(kept.glob("*.html"))) == []


def test_whole_day_works_without_javascript(browser, demo_house, kept):
    resident = Person(
        browser, demo_house, kept, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    moderator = Person(
        browser, demo_house, kept, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    page = resident.go(f"{ROOM}/live")
    page.get_by_label("Hoe mogen we je noemen?").fill("Gerda")
    page.get_by_role("button", name="Doe mee").click()
    page.get_by_role("heading", name="Wie ben je op deze dag?").wait_for()
    page.get_by_role("button", name="Bewoner", exact=True).click()
    page.get_by_label("Schrijf hier je vraag, idee of signaal").fill("x" * 501)
    page.get_by_role("button", name="Stuur mijn vraag").click()
    page.get_by_text("Houd het bij 500 tekens.").wait_for()
    assert page.get_by_label("Schrijf hier je vraag, idee of signaal").input_value() == "x" * 501
    page.get_by_label("Schrijf hier je vraag, idee of signaal").fill("Mag ik ook bellen?")
    page.get_by_role("radio", name="Anoniem").check()
    page.get_by_role("button", name="Stuur mijn vraag").click()
    page.get_by_text("Ontvangen. De moderator leest je vraag.").wait_for()
    page.locator("[data-mine-list]").get_by_text("Wacht op de moderator").wait_for()

    moderator.demo_login("Jolien Verkaik")
    desk = moderator.go(f"{ROOM}/regie")
    desk.locator("[data-question]").filter(has_text="Mag ik ook bellen?").get_by_role(
        "button", name="Toon aan de zaal"
    ).click()
    page.reload()
    card = page.locator("[data-questions] [data-question]").filter(has_text="Mag ik ook bellen?")
    assert "anoniem" in card.inner_text()
    assert "Gerda" not in card.inner_text()
    card.get_by_role("button").click()
    again = page.locator("[data-questions] [data-question]").filter(has_text="Mag ik ook bellen?")
    again.locator("[aria-pressed=true]").wait_for()
    assert sticks_out(page) <= 0


def test_offline_input_is_sent_once_after_reconnecting(browser, demo_house, kept):
    resident = Person(browser, demo_house, kept, viewport={"width": 768, "height": 900})
    resident.demo_login("Bart Overdijk")
    page = resident.go(f"{ROOM}/live")
    page.locator("[data-script=ready]").wait_for()
    page.wait_for_timeout(1000)

    resident.context.set_offline(True)
    page.evaluate("window.dispatchEvent(new Event('offline'))")
    page.get_by_label("Schrijf hier je vraag, idee of signaal").fill("Komt dit aan?")
    page.get_by_role("button", name="Stuur mijn vraag").click()
    page.get_by_text("Wacht op verbinding").wait_for(timeout=15000)
    resident.context.set_offline(False)
    page.get_by_text("Ontvangen. De moderator leest je vraag.").wait_for(timeout=40000)

    page.reload()
    assert page.locator("[data-mine-list] li").filter(has_text="Komt dit aan?").count() == 1


def test_asking_and_supporting_work_with_the_keyboard_alone(browser, demo_house, kept):
    resident = Person(browser, demo_house, kept, viewport={"width": 1280, "height": 900})
    resident.demo_login("Priya Raman-Hoek")
    page = resident.go(f"{ROOM}/live")
    page.locator("[data-script=ready]").wait_for()
    page.wait_for_timeout(800)

    def tab_to(what, most=60):
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", what):
                ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert ring != "none", what
                return
        raise AssertionError(f"{what} cannot be reached")

    tab_to(".skip")
    page.keyboard.press("Enter")
    tab_to("textarea[name=text]")
    page.keyboard.type("Kan dit ook zonder muis?")
    tab_to("[data-ask] button[type=submit]")
    page.keyboard.press("Enter")
    page.get_by_text("Ontvangen. De moderator leest je vraag.").wait_for()
    tab_to(".support[aria-pressed=false]:not([disabled])")
    page.keyboard.press("Space")
    page.wait_for_function("document.activeElement.getAttribute('aria-pressed') === 'true'")

    page.locator("[data-mine-list]").get_by_text("Kan dit ook zonder muis?").wait_for()
