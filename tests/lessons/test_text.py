"""Text tools of the editor: sections, hints, diff, Markdown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.core.markdown import links_in, minutes_to_read, rendered, sections_of, text_of
from dagvandebuurt.core.text_diff import GONE, NEW, SAME, difference
from dagvandebuurt.core.writing_hints import JARGON, hints_for, jargon, long_sentences, unclosed_quotes

WORD = st.text(alphabet="abcdé ", min_size=1, max_size=8)


def test_text_is_split_at_second_level_headings_only():
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
def test_splitting_joined_sections_round_trips(pairs):
    cut = sections_of(text_of(pairs))

    assert [(each.heading, each.body) for each in cut] == [(heading, body.strip()) for heading, body in pairs]
    assert len({each.anchor for each in cut}) == len(cut)


def test_links_are_extracted_once_each():
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
def test_long_sentence_gets_a_hint(text, where):
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
def test_unbalanced_quotation_gets_a_hint(text, is_odd):
    assert bool(unclosed_quotes(text)) == is_odd


def test_jargon_gets_one_hint_with_a_plain_equivalent():
    found = jargon("We faciliteren participatie. Faciliteren ten behoeve van **draagvlak**; pilotaflevering.")

    assert [hint.where for hint in found] == ["faciliteren", "participatie", "ten behoeve van", "draagvlak"]
    assert found[0].advice.endswith("mogelijk maken")
    assert not hints_for("Wij maken de straat schoon. Dat doen we samen.")
    assert len(JARGON) >= 50
    assert all(word == word.casefold() and JARGON.get(plain) is None for word, plain in JARGON.items())


def test_diff_marks_changed_words():
    before = "Titel\nDe bank stond voor de flat.\nWeg ermee."
    after = "Titel\nDe bank staat nu voor de flat.\nErbij."

    lines = [[(piece.kind, piece.text) for piece in line] for line in difference(before, after)]

    assert lines[0] == [(SAME, "Titel")]
    assert lines[1] == [(SAME, "De bank "), (GONE, "stond"), (NEW, "staat nu"), (SAME, " voor de flat.")]
    assert {kind for kind, _text in lines[2]} <= {GONE, NEW, SAME}


@given(st.text(alphabet="ab \n.", max_size=40), st.text(alphabet="ab \n.", max_size=40))
def test_diff_contains_both_texts(before, after):
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
def test_a36_protocol_relative_link_is_dropped(away):
    markup = rendered(f"[klik]({away}) en [hier](/lessen) en [daar](https://buurt.example/a//b)")

    hrefs = re.findall('href="([^"]*)"', markup)
    assert [href for href in hrefs if re.match(r"[/\\\\]{2}", href)] == []
    assert "/lessen" in hrefs
    assert "https://buurt.example/a//b" in hrefs


def test_text_of_brackets_renders_in_linear_time():
    link = "[hier](https://buurt.example)"

    assert "href" in rendered(link)
    assert "href" not in rendered(link + "[" * 600)  # quadratic: twenty thousand took two seconds
    assert "[" * 600 in rendered("![" * 1 + "[" * 600)
