"""Import of a programme in the browser: preview, confirmation, publication, and a second import without
changes.
"""

import json

import pytest

from tests.browser.pages import wrong_markup
from tests.browser.test_walk import Person
from tests.programme.exchanging import SAMPLE
from tests.programme.histories import as_file, event

pytestmark = pytest.mark.browser
PAGE = "/organisatie/programma/inlezen"


def dirty_sample():
    """Return the sample with defects of real exports: a duplicate id, a link that is only a text."""
    told = json.loads(SAMPLE)
    rooms = next(iter(told["schedule"]["conference"]["days"][0]["rooms"].values()))
    rooms[1]["id"] = rooms[0]["id"]
    rooms[2]["links"] = ["http://localhost/slides"]
    return json.dumps(told, indent=2).encode()


def as_upload(content, name="schedule.json"):
    return {"name": name, "mimeType": "application/json", "buffer": content}


def choose_file(person, content):
    page = person.go(PAGE)
    page.get_by_label("Bestand", exact=True).set_input_files(as_upload(content))
    page.get_by_role("button", name="Bekijk wat erin staat").click()
    page.get_by_role("heading", name="Wat er zou veranderen").wait_for(timeout=60_000)
    return page


def test_programme_import_is_idempotent_in_the_browser(browser, served, tmp_path):
    wide = Person(browser, served, tmp_path, viewport={"width": 1280, "height": 900})
    wide.demo_login("Roos Wildervank")
    phone = Person(
        browser, served, tmp_path, viewport={"width": 320, "height": 640}, java_script_enabled=False
    )
    phone.demo_login("Roos Wildervank")

    wide.go(PAGE)
    wide.check("bring_in")
    page = choose_file(wide, dirty_sample())
    page.get_by_text("2 dingen hersteld").click()
    page.get_by_role("cell", name="id die al voorkwam").wait_for()
    wide.check("preview")
    page.set_viewport_size({"width": 320, "height": 640})
    wide.check("preview_small")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Meteen publiceren").check()
    page.get_by_role("button", name="Lees het in").click()
    page.get_by_text("Schrijf op wat er verandert").first.wait_for()
    page.get_by_label("Wat verandert er?").fill("Het programma van DemoCon.")
    page.get_by_role("button", name="Lees het in").press("Enter")
    page.get_by_text("Het nieuwe programma staat op de site.").wait_for(timeout=60_000)
    wide.check("done")
    assert wide.go("/programma?zoek=mobile").get_by_text("Secured mobile concept").count() >= 1

    # Without a script, on a phone: a page that looks again by itself, and nothing is new.
    page = phone.go(PAGE)
    page.get_by_label("Bestand", exact=True).set_input_files(as_upload(dirty_sample()))
    page.get_by_role("button", name="Bekijk wat erin staat").click()
    page.get_by_text("0 nieuw: alles staat er al zo.").wait_for(timeout=60_000)
    page.get_by_role("button", name="Gooi dit bestand weg").click()
    page.get_by_text("Er is niets veranderd.").first.wait_for()
    page.get_by_label("Bestand", exact=True).set_input_files(
        as_upload(as_file([event(number) for number in range(150)]))
    )
    page.get_by_role("button", name="Bekijk wat erin staat").click()
    page.get_by_text("150 nieuwe sessies").wait_for(timeout=60_000)

    page = phone.go(PAGE)
    page.get_by_label("Bestand", exact=True).set_input_files(
        {"name": "p.csv", "mimeType": "text/csv", "buffer": b"%PDF-1.7"}
    )
    page.get_by_role("button", name="Bekijk wat erin staat").click()
    page.get_by_text("Dit is geen CSV maar lijkt een PDF.").wait_for()

    # With one: the bar moves, and the page goes on when there is something to see.
    page = wide.go(PAGE)
    page.get_by_label("Bestand", exact=True).set_input_files(
        as_upload(as_file([event(number) for number in range(500)]))
    )
    page.get_by_role("button", name="Bekijk wat erin staat").click()
    page.get_by_text("500 nieuwe sessies").wait_for(timeout=60_000)

    assert wrong_markup(sorted(tmp_path.glob("*.html"))) == []
    for person in (wide, phone):
        assert person.complaints == []
