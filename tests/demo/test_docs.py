"""The walk through the demo in `docs/demo.md`: its addresses and the names of its buttons are as the pages say."""

import html
import re
from pathlib import Path

import pytest

from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import id_of
from dagvandebuurt.people.models import Person

DOC = (Path(__file__).resolve().parents[2] / "docs" / "demo.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (\d\. .+?)\n(.*?)(?=^## |\Z)", DOC, re.MULTILINE | re.DOTALL))
WHO = {"Mila Roovers": "u-deelnemer3", "Soraya Lamkadem": "u-gastheer", "Roos Wildervank": "u-organisator"}


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def linked(page: str, name: str) -> list[str]:
    """Return the addresses of the links that are called so."""
    links = re.findall(r'<a[^>]* href="([^"#]+)[^"]*"[^>]*>(.*?)</a>', page, re.DOTALL)
    return list(dict.fromkeys(html.unescape(href) for href, inside in links if words(inside) == name))


def names_in(text: str) -> list[str]:
    return [" ".join(name.split()) for name in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", text)]


@pytest.mark.parametrize("title", [title for title in SECTIONS if "Anything" not in title])
def test_each_step_can_be_taken_as_it_is_written(congress, make, title):
    congress.config["DEMO"] = True
    text = SECTIONS[title]
    name = next(each for each in WHO if each in text)
    with congress.app_context():
        person = db.session.get(Person, id_of(WHO[name]))
        assert person.name == name
    browser, stranger = make.browser(person), make.browser()
    steps = re.findall(r"^- `(/[^`]*)`(.*?)(?=^- |^\S|\Z)", text, re.MULTILINE | re.DOTALL)

    assert steps
    for path, told in steps:
        answer = (stranger if path == "/inloggen" else browser).get(path)
        assert answer.status_code == 200, path
        pages = [answer.text]
        for said in names_in(told):
            assert any(said in words(page) for page in pages), (path, said)
            # Of links with one name (there is one with each question) some lead on.
            pages += [browser.get(href).text for page in [*pages] for href in linked(page, said)]


def test_the_walk_has_every_part_that_a_first_visitor_should_see():
    assert len(SECTIONS) == 5
    told = " ".join(DOC.split())
    for part in ("film", "answer", "promise", "desk", "organiser", "waiting list"):
        assert part in told
