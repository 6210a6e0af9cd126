"""Handbooks: whole in both languages, their buttons and links are those of the site, and plain to read."""

import re
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import catalogue
from dagvandebuurt.core.markdown import sections_of
from dagvandebuurt.core.writing_hints import JARGON, hints_for
from dagvandebuurt.handbooks import content
from dagvandebuurt.handbooks.content import (
    BY_CODE,
    EXPLAINED,
    HANDBOOKS,
    LINKED_NAME,
    NAME,
    OF_ROLES,
    PICTURE,
    source,
    title_of,
)
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.people.models import Role
from tools import words

LANGUAGES = ("nl", "en")
CODES = [each.code for each in HANDBOOKS]
FOLDER = Path(content.__file__).parent
DOCS = Path(__file__).parents[2] / "docs"
STATIC = DOCS.parent / "static"
CODE = re.compile(r"`[^`]*`")
STEP = re.compile(r"^\d+\. |^- ", re.MULTILINE)
# Words of the trade, and of offices, that a reader need not know.
HARD = {
    "nl": {*JARGON, "interface", "slug", "endpoint", "token", "database", "server-side", "deactiveren", "activeren",
           "selecteren", "optie", "functionaliteit", "autorisatie", "authenticatie", "configureren", "genereren",
           "valideren", "momenteel", "tevens", "echter", "dient", "dienen", "gelieve", "alvorens", "wijze"},
    "en": {"interface", "slug", "endpoint", "token", "database", "utilise", "utilize", "facilitate", "commence",
           "prior", "regarding", "endeavour", "subsequently", "terminate", "stakeholder", "leverage", "select",
           "configure", "authenticate", "authorisation", "functionality", "via", "e.g", "i.e", "deactivate"},
}  # fmt: skip


@cache
def translations():
    """What is said on the site, in Dutch, with the English of it."""
    found = {}
    for message in words.said():
        for text in (message.id,) if isinstance(message.id, str) else message.id:
            found[text] = catalogue("en").gettext(text)
    return found


@cache
def names_on_the_site(language):
    handbooks = {title_of(code, language) for code in CODES}
    said = translations()
    return handbooks | set(said if language == "nl" else said.values())


def in_english(name):
    """Every English name that a Dutch one has: a handbook's, or that of a button."""
    titles = {title_of(code, "nl"): title_of(code, "en") for code in CODES}
    return {found for found in (titles.get(name), translations().get(name)) if found}


def parts(code, language):
    return sections_of(source(code, language))


def named(text):
    return NAME.findall(CODE.sub("", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_handbook_is_a_file_and_each_file_a_handbook(language):
    assert {path.stem for path in (FOLDER / language).glob("*.md")} == set(BY_CODE) == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_both_languages_have_the_same_sections_steps_and_pages(code):
    dutch, english = parts(code, "nl"), parts(code, "en")

    assert len(dutch) == len(english) > 5
    for ours, theirs in zip(dutch, english, strict=True):
        pages = [[link for _name, link in LINKED_NAME.findall(each.body)] for each in (ours, theirs)]
        assert pages[0] == pages[1], ours.heading
        assert len(STEP.findall(ours.body)) == len(STEP.findall(theirs.body)), ours.heading
        assert ours.body.count("\n\n") == theirs.body.count("\n\n"), ours.heading


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_button_and_page_has_the_name_that_it_has_on_the_site(code, language):
    found = named(source(code, language))

    assert len(found) > 8
    assert {name for name in found if name not in names_on_the_site(language)} == set()


@pytest.mark.parametrize("code", CODES)
def test_a_button_is_the_same_one_in_both_languages(code):
    for ours, theirs in zip(parts(code, "nl"), parts(code, "en"), strict=True):
        dutch, english = named(ours.body), named(theirs.body)
        assert len(dutch) == len(english), ours.heading
        differ = [(a, b) for a, b in zip(dutch, english, strict=True) if b not in in_english(a)]
        assert differ == [], ours.heading


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_bold_is_for_buttons_and_links_are_for_pages(code, language):
    """One way to write each: otherwise a name or a link escapes the tests above and below."""
    plain = CODE.sub("", PICTURE.sub("", source(code, language)))
    rest = NAME.sub("", LINKED_NAME.sub("", plain))

    assert re.findall(r"\*\*|__|\]\(|\[\[|\]\]|<|https?:", rest) == []


def test_each_link_leads_to_a_page_and_each_anchor_to_a_section(app):
    pages = app.url_map.bind("localhost")
    links = [(code, link) for code in CODES for _name, link in LINKED_NAME.findall(source(code, "nl"))]

    assert {code for code, _link in links} == set(CODES)
    assert [(code, link) for code, link in links if not leads_somewhere(pages, link)] == []


def leads_somewhere(pages, link):
    """Of pages that are no handbook no test knows the anchors: those are not used."""
    path, _, anchor = link.partition("#")
    try:
        endpoint, values = pages.match(path, method="GET")
    except (NotFound, RequestRedirect):
        return False
    if endpoint != "handbooks.show":
        return not anchor
    anchors = {part.anchor for part in parts(values["code"], "nl")} if values["code"] in BY_CODE else set()
    return anchor in anchors if anchor else bool(anchors)


def test_a_wrong_link_would_be_seen(app):
    pages = app.url_map.bind("localhost")

    assert leads_somewhere(pages, "/hulp/modereren#peilingen")
    for wrong in ("/hulp/toveren", "/hulp/modereren#toveren", "/mijn#toveren", "/toveren", "/mijn/"):
        assert not leads_somewhere(pages, wrong), wrong


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_and_words_are_plain(code, language):
    text = PICTURE.sub(r"\1", source(code, language))
    said = set(re.findall(r"[\w.-]+", CODE.sub("", NAME.sub("", text)).casefold()))

    hints = [hint for hint in hints_for(CODE.sub("", text)) if hint.kind != "jargon" or language == "nl"]
    assert [(hint.kind, hint.where) for hint in hints] == []
    assert {word.strip(".-") for word in said} & HARD[language] == set()


def test_a_long_sentence_a_hard_word_and_a_wrong_button_would_be_seen():
    assert [hint.kind for hint in hints_for(" ".join(["woord"] * 21) + ". Wij faciliteren dit.")] == [
        "long",
        "jargon",
    ]
    assert named("Druk op [[Toon aan de zaal]], niet op `[[dit]]`.") == ["Toon aan de zaal"]
    assert "Druk hier maar op" not in names_on_the_site("nl")
    assert "Toon aan de zaal" in names_on_the_site("nl")
    assert in_english("Toon aan de zaal") == {"Show to the room"}


@pytest.mark.parametrize("code", CODES)
def test_pictures_are_the_same_ones_in_both_languages_each_with_its_words(code):
    shown = [PICTURE.findall(source(code, language)) for language in LANGUAGES]

    assert [re.sub("-nl.webp$", "", file) for _words, file in shown[0]] == [
        re.sub("-en.webp$", "", file) for _words, file in shown[1]
    ]
    for words_of_it, file in (*shown[0], *shown[1]):
        assert len(words_of_it) > 20, file
        assert 1_000 < (STATIC / file).stat().st_size <= 60_000, file


def test_each_picture_of_a_handbook_is_shown_and_the_docs_show_them_too():
    there = {path.name for path in (STATIC / "img" / "handbooks").iterdir()}
    shown = {
        Path(file).name
        for code in CODES
        for language in LANGUAGES
        for _words, file in PICTURE.findall(source(code, language))
    }
    in_docs = re.findall(r"!\[([^\]]+)\]\(\.\./static/(\S+)\)", (DOCS / "moderating.md").read_text())

    assert there == shown
    assert len(in_docs) >= 4
    assert [file for said, file in in_docs if len(said) < 20 or not (STATIC / file).is_file()] == []


def test_the_card_names_each_key_of_the_desk_as_the_desk_does(make, session):
    desk = make.browser(make.moderator("Jolien")).get(f"/sessies/{session.slug}/regie").text
    keys = dict(re.findall(r'data-key="(\w+)" value="(.)"', desk))
    card = source("moderatorkaart", "nl") + source("moderatorkaart", "en")

    assert {"next", "show", "hide", "danger"} <= set(keys)
    for sign in keys.values():
        assert card.count(f"- `{sign}` ") >= 2, sign


# --- on the site ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_everybody_reads_every_handbook_in_their_language_at_the_same_anchors(make, language):
    make.edition()
    browser = make.browser()
    browser.post("/taal", data={"taal": language})

    for code in CODES:
        page = browser.get(f"/hulp/{code}")
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.text
        assert f"<h1>{title_of(code, language)}</h1>" in page.text
        for part in parts(code, "nl")[1:]:
            assert page.text.count(f'id="{part.anchor}"') == 1
            assert f'href="#{part.anchor}"' in page.text
        assert "[[" not in page.text
        assert "{event}" not in page.text


def test_choosing_the_other_language_stays_on_the_page(make):
    browser = make.browser()

    english = browser.post("/taal", data={"taal": "en", "verder": "/hulp/modereren"}, follow_redirects=True)

    assert english.request.path == "/hulp/modereren"
    assert "<strong>Show to the room</strong>" in english.text


def test_the_name_of_the_event_is_no_markup(make):
    make.edition(title="Buurt*feest* [x](/y) <b>")

    page = make.browser().get("/hulp/meedoen").text

    assert "Buurt*feest* [x](/y) &lt;b&gt;" in page


def test_handbooks_are_read_one_after_the_other(make):
    browser = make.browser()
    address, seen = f"/hulp/{CODES[0]}", []
    while address:
        seen.append(address)
        after = re.search(r'rel="next" href="([^"]+)"', browser.get(address).text)
        address = after.group(1) if after else None

    assert seen == [f"/hulp/{code}" for code in CODES]
    assert 'rel="prev"' not in browser.get(seen[0]).text
    assert f'rel="prev" href="{seen[-2]}"' in browser.get(seen[-1]).text


def test_an_unknown_handbook_is_not_there(make):
    assert make.browser().get("/hulp/toveren").status_code == 404
    assert make.browser().get("/hulp/..%2fapp").status_code == 404


def order_in(page):
    return re.findall(r'card__title"><a href="/hulp/([\w-]+)"', page)


def test_first_come_the_handbooks_of_what_somebody_does_here(make):
    make.edition()
    for roles, first in [
        ([], []),
        (["moderator"], ["modereren"]),
        (["captioner"], ["ondertitelen"]),
        (["supporter"], ["telefoon"]),
        (["learning_coordinator"], ["wijkwijzer"]),
        (["editor"], ["lessen-schrijven", "agenda"]),
    ]:
        page = make.browser(make.person("Noor", roles=roles)).get("/hulp").text
        assert order_in(page) == first + [code for code in CODES if code not in first], roles
        assert ("Voor wat jij hier doet" in page) == bool(first), roles


def test_each_desk_leads_to_the_section_that_explains_it(app):
    from dagvandebuurt.people.hooks import work_pages

    desks = {page.endpoint for there in work_pages() for page in there}

    assert desks <= set(EXPLAINED)
    assert set(EXPLAINED) <= set(app.view_functions)
    for code, anchor in EXPLAINED.values():
        assert not anchor or anchor in {part.anchor for part in parts(code, "nl")}, (code, anchor)


def test_a_page_at_a_desk_asks_how_does_this_work(make, session):
    moderator = make.browser(make.person("Jolien", roles=["moderator"]))
    organiser = make.browser(make.person("Ans", roles=["organiser"]))
    supporter = make.browser(make.person("Bo", roles=["supporter"]))
    room = f"/sessies/{session.slug}"

    for browser, path, leads_to in [
        (moderator, "/regie", "/hulp/modereren"),
        (moderator, f"{room}/regie", "/hulp/modereren"),
        (moderator, f"{room}/regie/meldingen", "/hulp/modereren#gemeld-en-bezwaar"),
        (moderator, f"{room}/regie/meer", "/hulp/als-het-misgaat#een-troll"),
        (organiser, "/organisatie/rollen", "/hulp/organiseren#mensen-en-rollen"),
        (organiser, "/organisatie/programma/publiceren", "/hulp/organiseren#het-programma-maken"),
        (
            organiser,
            f"/organisatie/sessies/{session.slug}",
            "/hulp/organiseren#een-sessie-verzetten-of-afzeggen",
        ),
        (supporter, "/mijn/anderen", "/hulp/telefoon"),
    ]:
        page = browser.get(path)
        assert page.status_code == 200, path
        link = re.search(r'<a class="handbook-link" href="([^"]+)">.*?Hoe werkt dit\?', page.text, re.DOTALL)
        assert link, path
        assert link.group(1) == leads_to


def test_help_and_my_work_lead_to_the_handbooks(make):
    make.edition()

    assert 'href="/hulp"' in make.browser().get("/zo-werkt-het").text
    assert 'href="/hulp"' in make.browser(make.person("Ans", roles=["organiser"])).get("/mijn/werk").text


def test_the_search_of_the_site_finds_sections_in_the_readers_language(make):
    make.edition()
    browser = make.browser()
    for language, typed, leads_to in [
        ("nl", "stemt een troll", "/hulp/als-het-misgaat#een-troll"),
        ("nl", "Opening plan", "/hulp/organiseren#openen-voor-bezoekers"),
        ("en", "captions mistake", "/hulp/ondertitelen#een-foutje-verbeteren"),
        ("nl", "de en te", None),
        ("nl", "kwantummechanica", None),
    ]:
        browser.post("/taal", data={"taal": language})
        page = browser.get("/zoeken", query_string={"q": typed}).text
        links = re.findall(r'<li><a href="(/hulp/[^"]+)"', page)
        assert (leads_to in links) if leads_to else links == [], typed


@pytest.mark.parametrize(("role", "leads_to"), [("captioner", "ondertitelen"), ("organiser", "organiseren")])
def test_who_is_asked_for_a_role_reads_first_what_it_is_like(app, make, role, leads_to):
    make.edition()
    admin = make.browser(make.person("Ans", roles=["admin"]))
    admin.post("/organisatie/rollen", data={"email": "bo@buurt.example", "role": role})
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "invited")).one()
    page = make.browser().get(re.search(r"/uitnodiging/[\w-]+", mail.text).group()).text

    assert f"/hulp/{leads_to}\n" in mail.text
    assert f'/hulp/{leads_to}"' in mail.html
    assert f'href="/hulp/{leads_to}"' in page


def test_every_role_has_a_handbook():
    assert set(OF_ROLES) == set(Role)
    assert set(OF_ROLES.values()) <= set(CODES)


# --- what the repository says of them ---


@pytest.mark.parametrize("code", CODES)
def test_the_docs_lead_to_both_files_of_each_handbook(code):
    said = "\n".join(path.read_text() for path in DOCS.glob("*.md"))

    for language in LANGUAGES:
        assert f"(../dagvandebuurt/handbooks/{language}/{code}.md)" in said
