"""Of how many parts a short message is, each of which is paid for (3GPP TS 23.038 and 23.040)."""

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("^{}\\[~]|€")  # an escape, and a second septet
_PLAIN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "\u00a0": " ",
        "•": "-",
        "`": "'",
    }
)
ONE, MORE = 160, 153


def plain(text: str) -> str:
    """Return the text in the characters of GSM 03.38: typographic ones become plain, accents that it does not
    have are left off. One other character would make each part 70 characters instead of 160."""
    kept = []
    for character in text.translate(_PLAIN):
        if character in _BASIC or character in _DOUBLE:
            kept.append(character)
            continue
        base = unicodedata.normalize("NFKD", character)
        kept.append("".join(each for each in base if each in _BASIC) or "?")
    return "".join(kept)


def septets(text: str) -> int:
    """Return the length of a text that `plain` returned."""
    return sum(2 if character in _DOUBLE else 1 for character in text)


def parts_of(text: str) -> int:
    """Return of how many parts it is."""
    length = septets(text)
    return 1 if length <= ONE else -(-length // MORE)


def fitting(text: str, most: int) -> str:
    """Return the text, shortened to at most `most` septets where it is longer."""
    text = plain(text)
    if septets(text) <= most:
        return text
    kept = ""
    for character in text:
        if septets(kept + character) > most - 3:
            break
        kept += character
    return kept.rstrip() + "..."
