"""Result snippets and highlighting."""

from collections.abc import Sequence

import regex
from markupsafe import Markup, escape

from dagvandebuurt.core.search.vocabulary import stem, without_plural
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
    """Return the words of `text` that match the query as the databases match it (`dialects`)."""
    told = [word for word in words if len(word) > 1]
    if not told:
        return []
    prefixes = tuple({without_plural(word) for word in told})
    stems = {stem(word) for word in told}
    # Only these are worth stemming: of other words the stem begins otherwise.
    begins = "|".join(sorted({regex.escape(each[:2]) for each in (*prefixes, *stems)}))
    pattern = rf"(?<![\p{{L}}\p{{N}}])(?:{begins})[\p{{L}}\p{{N}}\p{{M}}]*"
    found = regex.finditer(pattern, text.translate(_bare))
    return [each for each in found if each[0].startswith(prefixes) or stem(each[0]) in stems]


def _word_start(text: str, place: int) -> int:
    return 0 if place <= 0 else text.rfind(" ", 0, place) + 1


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    space = text.find(" ", place)
    return space if 0 <= space < place + 40 else place
