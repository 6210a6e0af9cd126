"""Translations: every message, in both languages."""

import re
from functools import cache

import pytest

from dagvandebuurt.core.i18n import LANGUAGES, catalogue, offered
from tools import words

PLACEHOLDERS = re.compile(r"%\(\w+\)[ds]|#|<[^>]+>")
CATALOGUES = [pytest.param(path, id=path.stem) for path in words.catalogues()]


@cache
def said():
    """Extracted from the sources once: it takes a second."""
    return [message.id for message in words.said() if message.id]


def forms(text):
    return text if isinstance(text, tuple) else (text,)


@pytest.mark.parametrize("path", CATALOGUES)
def test_the_catalogue_holds_exactly_the_messages_in_use(path):
    wanted = set(said())
    kept = {message.id: message for message in words.kept(path) if message.id}

    assert wanted - set(kept) == set(), "run `make words` and translate what is new"
    assert set(kept) - wanted == set(), "run `make words`: nobody says these any more"
    assert [key for key, message in kept.items() if message.fuzzy or not all(forms(message.string))] == []
    assert len(wanted) > 800  # the extraction found the pages


@pytest.mark.parametrize("path", CATALOGUES)
def test_translations_have_the_same_placeholders(path):
    for message in words.kept(path):
        if message.id:
            wanted = set().union(*(PLACEHOLDERS.findall(each) for each in forms(message.id)))
            for each in forms(message.string):
                assert set(PLACEHOLDERS.findall(each)) == wanted, message.id


@pytest.mark.parametrize("path", CATALOGUES)
def test_the_catalogue_is_as_the_command_writes_it(path):
    assert path.read_bytes() == words.brought_up(path)


def test_both_languages_are_offered():
    assert set(offered()) == set(LANGUAGES) == {"nl", "en"}


PAGES = ("/", "/zo-werkt-het", "/over", "/privacy", "/toegankelijkheid", "/cookies", "/aanmelden", "/inloggen",
         "/programma", "/lessen")  # fmt: skip


def dutch_words_on(page, language):
    """Source sentences on a page in another language."""
    shown = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    return [
        text
        for text in said()
        if isinstance(text, str)
        and " " in text
        and "%" not in text
        and catalogue(language).gettext(text) != text
        and f" {text} " in shown
    ]


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_has_no_dutch(make, path):
    make.edition(tagline="Samen")  # user content is not translated
    browser = make.browser()

    dutch = browser.get(path).get_data(as_text=True)
    chosen = browser.post("/taal", data={"taal": "en", "verder": path}, follow_redirects=True)
    english = chosen.get_data(as_text=True)

    assert chosen.request.path == path
    assert '<html lang="nl"' in dutch
    assert '<html lang="en"' in english
    assert dutch_words_on(dutch, "en") != []  # it could be seen
    assert dutch_words_on(english, "en") == []


def test_a_refused_form_is_english_for_english_readers(make, now):
    make.edition()
    browser = make.browser()
    browser.post("/taal", data={"taal": "en"})

    page = browser.post("/aanmelden", data={"name": "Noor", "email": "geen adres"}).get_data(as_text=True)

    assert "Something is missing here after the @." in page or "This email address is not right." in page
    assert "Tick this box" in page
    assert 'value="Noor"' in page
