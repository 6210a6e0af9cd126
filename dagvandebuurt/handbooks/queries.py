"""Reading handbooks: those of somebody's roles, the section about a page, and a search."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import url_for

from dagvandebuurt.core.i18n import language
from dagvandebuurt.core.text import folded
from dagvandebuurt.handbooks.content import EXPLAINED, HANDBOOKS, Text, text_of
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.people.hooks import work_pages

SHORTEST = 3  # letters of a word that is sought: shorter ones are in every section
MOST_HITS = 4


@dataclass(frozen=True)
class Hit:
    """A section that holds the words that somebody looked for."""

    title: str
    heading: str
    url: str


def handbook(code: str) -> Text:
    """Return a handbook in the reader's language."""
    return text_of(code, language(), brand.name)


def handbooks_for(actor: Any) -> tuple[Sequence[Text], Sequence[Text]]:
    """Return the handbooks of the work that `actor` has here, and all others, each in reading order."""
    works_at = {page.endpoint for there in work_pages() for page in there if page.works_here(actor)}
    own = [each for each in HANDBOOKS if works_at & set(each.explains)]
    return (
        [handbook(each.code) for each in own],
        [handbook(each.code) for each in HANDBOOKS if each not in own],
    )


def beside(code: str) -> tuple[Text | None, Text | None]:
    """Return the handbooks before and after this one."""
    codes = [each.code for each in HANDBOOKS]
    at = codes.index(code)
    before = handbook(codes[at - 1]) if at else None
    after = handbook(codes[at + 1]) if at + 1 < len(codes) else None
    return before, after


def guide_to(*endpoints: str | None) -> str | None:
    """Return the address of the section about the first of these pages that a handbook explains."""
    for endpoint in endpoints:
        if endpoint in EXPLAINED:
            code, anchor = EXPLAINED[endpoint]
            return url_for("handbooks.show", code=code, _anchor=anchor or None)
    return None


def find(typed: str) -> list[Hit]:
    """Return the sections that hold a word beginning with each of the words typed, those with it in their
    heading first."""
    sought = {word for word in _words_in(typed) if len(word) >= SHORTEST}
    if not sought:
        return []
    found = []
    for title, heading, code, anchor, named, words in _indexed(language(), brand.name):
        if all(any(word.startswith(each) for word in words) for each in sought):
            in_heading = sum(any(word.startswith(each) for word in named) for each in sought)
            url = url_for("handbooks.show", code=code, _anchor=anchor)
            found.append((in_heading, Hit(title, heading, url)))
    found.sort(key=lambda each: -each[0])
    return [hit for _count, hit in found[:MOST_HITS]]


@lru_cache(maxsize=8)
def _indexed(code: str, event: str) -> Sequence[tuple[str, str, str, str, frozenset[str], frozenset[str]]]:
    """Return every section with the words of its heading and all of its words, folded."""
    made = []
    for each in HANDBOOKS:
        text = text_of(each.code, code, event)
        for part in text.parts:
            named = _words_in(f"{text.title} {part.heading}")
            words = named | _words_in(part.html.striptags())
            made.append((text.title, part.heading, text.code, part.anchor, named, words))
    return made


def _words_in(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", folded(text)))
