"""What an editor types: cut into sections, hinted at, compared."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.lessons.markdown import links_in, minutes_to_read, rendered, sections_of, text_of
from dagvandebuurt.lessons.text_diff import GONE, NEW, SAME, difference
from dagvandebuurt.lessons.writing_hints import JARGON, hints_for, jargon, long_sentences, unclosed_quotes

WORD = st.text(alphabet="abcdé ", min_size=1, max_size=8)


def test_a_text_is_cut_at_its_headings_and_nowhere_else():
    text = (
        "Vooraf.\n\n## Een *kop*\n\nTekst\n### klein\n\n```\n## code\n```\n\n> ## citaat\n\n## Een kop\nSlot"
    )

    found = sections_of(text)

    assert [(each.heading, each.anchor) for each in found] == [
        ("", "deel"), ("Een kop", "een-kop"), ("Een kop", "een-kop-2"),
    ]  # fmt: skip
    assert "## code" in found[1].body
    assert "> ## citaat" in found[1].body
    assert sections_of("") == []


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Z][a-z]{2,10}", fullmatch=True), st.from_regex(r"[a-z ]{1,30}", fullmatch=True)
        ),
        max_size=5,
    )
)
def test_sections_that_are_joined_are_cut_alike_again(pairs):
    cut = sections_of(text_of(pairs))

    assert [(each.heading, each.body) for each in cut] == [(heading, body.strip()) for heading, body in pairs]
    assert len({each.anchor for each in cut}) == len(cut)


def test_the_links_of_a_text_each_once():
    text = "[a](https://a.example/x) en <https://b.example> en [a](https://a.example/x) [m](mailto:x@y.example) `https://c.example`"

    assert links_in(text) == ["https://a.example/x", "https://b.example"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("woord " * 20 + ".", []), ("woord " * 21 + ".", [" ".join(["woord"] * 12) + "…"]),
        ("Kort. " * 30, []), ("- een\n" * 30, []), ("# kop\n\n" + "- punt " * 3, []),
        ("[" + "woord " * 21 + "](https://x.example/a.b.c)", [" ".join(["woord"] * 12) + "…"]),
    ],
)  # fmt: skip
def test_a_sentence_of_more_than_twenty_words_is_pointed_at(text, where):
    assert [hint.where for hint in long_sentences(text)] == where


@pytest.mark.parametrize(
    ("text", "is_odd"),
    [
        ('Ze zei "kom".', False), ('Ze zei "kom.', True), ("Ze zei “kom”.", False), ("Ze zei “kom.", True),
        ("„Kom”, zei ze.", False), ("Ze zei kom”.", True), ("‘Kom’", False), ("‘Kom", True), ("'s Avonds, auto's", False),
        ("’s Avonds en foto’s", False), ("Iets (erbij).", False), ("Iets (erbij.", True),
        ('Een "\n\nen nog een "', True), ("[woord](https://x.example/a(b)", False),
    ],
)  # fmt: skip
def test_a_quotation_that_does_not_close_is_pointed_at(text, is_odd):
    assert bool(unclosed_quotes(text)) == is_odd


def test_words_of_the_office_are_pointed_at_once_each_with_a_plain_one():
    found = jargon("We faciliteren participatie. Faciliteren ten behoeve van **draagvlak**; pilotaflevering.")

    assert [hint.where for hint in found] == ["faciliteren", "participatie", "ten behoeve van", "draagvlak"]
    assert found[0].advice.endswith("mogelijk maken")
    assert not hints_for("Wij maken de straat schoon. Dat doen we samen.")
    assert len(JARGON) >= 50
    assert all(word == word.casefold() and JARGON.get(plain) is None for word, plain in JARGON.items())


def test_a_difference_is_told_in_words():
    before = "Titel\nDe bank stond voor de flat.\nWeg ermee."
    after = "Titel\nDe bank staat nu voor de flat.\nErbij."

    lines = [[(piece.kind, piece.text) for piece in line] for line in difference(before, after)]

    assert lines[0] == [(SAME, "Titel")]
    assert lines[1] == [(SAME, "De bank "), (GONE, "stond"), (NEW, "staat nu"), (SAME, " voor de flat.")]
    assert {kind for kind, _text in lines[2]} <= {GONE, NEW, SAME}


@given(st.text(alphabet="ab \n.", max_size=40), st.text(alphabet="ab \n.", max_size=40))
def test_both_texts_can_be_read_back_from_a_difference(before, after):
    def words(text):
        return text.split()

    lines = difference(before, after)

    assert words("\n".join("".join(p.text for p in line if p.kind != NEW) for line in lines)) == words(before)
    assert words("\n".join("".join(p.text for p in line if p.kind != GONE) for line in lines)) == words(after)


def test_reading_takes_at_least_a_minute():
    assert minutes_to_read("") == 1
    assert minutes_to_read("woord " * 400, "woord " * 200) == 3


@pytest.mark.parametrize(
    "away", ["//evil.example", "/\\\\evil.example", "\\\\\\\\evil.example", "/%09/evil.example"]
)
def test_a36_a_link_that_names_no_scheme_leads_to_no_other_site(away):
    markup = rendered(f"[klik]({away}) en [hier](/lessen) en [daar](https://buurt.example/a//b)")

    hrefs = re.findall('href="([^"]*)"', markup)
    assert [href for href in hrefs if re.match(r"[/\\\\]{2}", href)] == []
    assert "/lessen" in hrefs
    assert "https://buurt.example/a//b" in hrefs


def test_a_text_of_brackets_alone_is_shown_as_it_was_typed_and_looks_for_no_partners():
    link = "[hier](https://buurt.example)"

    assert "href" in rendered(link)
    assert "href" not in rendered(link + "[" * 600)  # quadratic: twenty thousand took two seconds
    assert "[" * 600 in rendered("![" * 1 + "[" * 600)
