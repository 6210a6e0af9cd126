"""What of a text is shown with a result, and which words in it are marked."""

from collections.abc import Sequence

import regex
from markupsafe import Markup, escape

from dagvandebuurt.core.search.vocabulary import stem
from dagvandebuurt.core.text import folded

AROUND = 80  # characters before the first word that was sought
LENGTH = 240


class _Bare(dict[int, str]):
    """Letter → the same without case and accent, one for one, so that places in a text stay what they are."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = (folded(letter) or letter)[0]
        return self[code]


_bare = _Bare()


def marked(text: str, words: Sequence[str]) -> Markup:
    """`text` with the words that were sought in <mark>, and everything of it made harmless."""
    parts: list[Markup] = []
    end = 0
    for match in _finds(text, words):
        parts += [escape(text[end : match.start()]), Markup("<mark>")]
        parts += [escape(text[match.start() : match.end()]), Markup("</mark>")]
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def snippet(text: str, words: Sequence[str], *, mark: bool = True) -> Markup:
    """The part of `text` where the words are, marked; the beginning where they are nowhere in it."""
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
