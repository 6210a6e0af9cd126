"""Result snippets and highlighting."""

from collections.abc import Sequence

import regex
from markupsafe import Markup, escape

from dagvandebuurt.core.search.vocabulary import stem
from dagvandebuurt.core.text import folded

AROUND = 80  # characters of context before the first match
LENGTH = 240


class _Bare(dict[int, str]):
    """Translation table from a letter to its base letter, one to one, so that offsets in a text stay valid."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = (folded(letter) or letter)[0]
        return self[code]


_bare = _Bare()


def marked(text: str, words: Sequence[str]) -> Markup:
    """Escape `text` and highlight the search words with <mark>."""
    parts: list[Markup] = []
    end = 0
    for match in _finds(text, words):
        parts += [escape(text[end : match.start()]), Markup("<mark>")]
        parts += [escape(text[match.start() : match.end()]), Markup("</mark>")]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def snippet(text: str, words: Sequence[str], *, mark: bool = True) -> Markup:
    """Return the highlighted part of `text` around the first match; its beginning where there is none."""
    flat = " ".join(text.split())
    first = next(iter(_finds(flat, words)), None)
    begin = 0 if first is None else _word_start(flat, first.start() - AROUND)
    end = _word_end(flat, begin + LENGTH)
    before, after = "… " if begin else "", " …" if end < len(flat) else ""
    return Markup("").join([before, marked(flat[begin:end].strip(), words if mark else ()), after])


def _finds(text: str, words: Sequence[str]) -> list[regex.Match[str]]:
    told = {each for word in words if len(word) > 1 for each in (word, stem(word))}
    if not told:
        return []
    begins = "|".join(sorted(map(regex.escape, told)))
    pattern = rf"(?<![\p{{L}}\p{{N}}])(?:{begins})[\p{{L}}\p{{N}}\p{{M}}]*"
    return list(regex.finditer(pattern, text.translate(_bare)))


def _word_start(text: str, place: int) -> int:
    return 0 if place <= 0 else text.rfind(" ", 0, place) + 1


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.find(" ", place)
    return space if 0 <= space < place + 40 else place
