import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagvandebuurt.core.text import clean_text, folded, length, one_line, shortened, slug_of


@pytest.mark.parametrize(
    "text",
    [
        "Wie snoeit de haag?",
        "Tiếng Việt có dấu",
        "مَنْ يُنَظِّفُ الشَّارِعَ؟",
        "שָׁלוֹם לַשְּׁכֵנִים",
        "हमारी गली साफ़ है",
        "👨‍👩‍👧‍👦 wonen hier",
        "Łukasz uit 't Eiland",
        "\u845b\U000e0100\u57ce \u592a\u90ce",  # a family name, in its own shape (ideographic variation)
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f en ❤️",  # England
    ],
)
def test_every_script_passes_unchanged(text):
    assert clean_text(text) == text


def test_stacked_combining_marks_are_limited():
    assert length(clean_text("Z" + "\u0301" * 60 + "o")) == 2
    assert len(clean_text("Z" + "\u0301" * 60 + "o")) < 8


@pytest.mark.parametrize(
    "trap",
    ["\x00", "\x0b", "\u202e", "\u200b", "\ud800", "\ufeff", "\x1b[31m"[:1], "\U000e0041", "\U000e0100"],
)
def test_control_and_bidi_characters_are_removed(trap):
    assert clean_text(f"ha{trap}ag") == "haag"


def test_excess_newlines_become_spaces_without_losing_words():
    text = "\n".join(f"regel{i}" for i in range(500))

    cleaned = clean_text(text, lines=12)

    assert len(cleaned.split("\n")) == 12
    assert cleaned.split() == text.split()


def test_length_counts_graphemes():
    assert length("é") == length("e\u0301") == 1
    assert length("👨‍👩‍👧‍👦") == 1
    assert length("🇳🇱🇧🇪") == 2


def test_shortening_never_cuts_through_a_character():
    assert shortened("👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2) == "👨‍👩‍👧‍👦…"
    assert shortened("kort", 10) == "kort"


def test_folding_finds_without_accents_or_case():
    assert folded("Esmée van RÓSSENBERG") == "esmee van rossenberg"


def test_a_slug_can_stand_in_an_address():
    assert slug_of("Luisteren is wérk: écht!") == "luisteren-is-werk-echt"


@given(st.text())
def test_cleaning_is_idempotent(text):
    once = clean_text(text)

    assert clean_text(once) == once
    once.encode()  # no half surrogates: both databases can hold it


@given(st.text())
def test_one_line_is_one_line(text):
    assert "\n" not in one_line(text)
