"""Safe Markdown rendering of editors' text (XSS): no raw HTML, no images, allow-listed link schemes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from dagvandebuurt.core.text import folded, slug_of

MOST_CHARS = 20_000  # characters: the worst case of this length renders well under half a second
WORDS_A_MINUTE = 200
_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "code", "h3", "h4", "hr"}
_SCHEME_RELATIVE = re.compile(r"[\x00-\x20]*[/\\][\x00-\x20]*[/\\]")
_markdown = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["replacements", "smartquotes"]
)


# Unmatched brackets make the parser quadratic: thousands of them take a second and more.
MOST_BRACKETS = 500
_without_links = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["replacements", "smartquotes"]
)
_without_links.disable(["link", "image", "reference"])


def _reader(text: str) -> MarkdownIt:
    """Return a parser: with links, unless the text is mostly brackets, which then stay as typed."""
    return _without_links if text.count("[") > MOST_BRACKETS else _markdown


@lru_cache(maxsize=512)
def rendered(text: str) -> Markup:
    """Render `text` as safe HTML: no pictures, no raw HTML, links to the web or to mail only."""
    html = _reader(text[:MOST_CHARS]).render(text[:MOST_CHARS])
    return Markup(  # noqa: S704 - nh3 just cleaned it
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href", "title"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener ugc",
            attribute_filter=_only_plain_links,
        )
    )


def _only_plain_links(_tag: str, name: str, value: str) -> str | None:
    """Drop protocol-relative links: `//evil.example` has no scheme and leads outside, also with backslashes."""
    return None if name == "href" and _SCHEME_RELATIVE.match(value) else value


@dataclass(frozen=True)
class Section:
    """Heading, its anchor, and the Markdown under it."""

    heading: str
    anchor: str
    body: str


def sections_of(text: str) -> list[Section]:
    """Split `text` at its second-level headings (`## Zo`) as the parser sees them: not inside code, a list or
    a quotation.

    Text above the first heading has an empty one.
    """
    lines = text.splitlines()
    tokens = _reader(text).parse(text)
    starts = [
        (token.map[0], token.map[1], _plain_words(words.content))
        for token, words in pairwise(tokens)
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0 and token.map
    ]
    cuts = [(0, 0, ""), *starts] if not starts or starts[0][0] > 0 else starts
    found: list[Section] = []
    taken: set[str] = set()
    for place, (_begin, after, heading) in enumerate(cuts):
        end = cuts[place + 1][0] if place + 1 < len(cuts) else len(lines)
        body = "\n".join(lines[after:end]).strip()
        if heading or body:
            found.append(Section(heading, _anchor(heading, taken), body))
    return found


def _plain_words(text: str) -> str:
    """Strip inline markup from a heading."""
    return " ".join(re.sub(r"[*_`]", "", text).split())[:160]


def _anchor(heading: str, taken: set[str]) -> str:
    """Return a unique anchor, stable for the same headings."""
    wanted = slug_of(heading)[:70] or "deel"
    anchor, number = wanted, 1
    while anchor in taken:
        number += 1
        anchor = f"{wanted}-{number}"
    taken.add(anchor)
    return anchor


def text_of(sections: Sequence[tuple[str, str]]) -> str:
    """Join (heading, body) pairs into one text: the inverse of `sections_of`."""
    return "\n\n".join(f"## {heading}\n\n{body}" if heading else body for heading, body in sections)


def links_in(text: str) -> list[str]:
    """Return the web addresses in a text, each once, in order."""
    found: dict[str, None] = {}
    for token in _reader(text).parse(text):
        for child in token.children or ():
            href = child.attrGet("href") if child.type == "link_open" else None
            if isinstance(href, str) and href.startswith(("http://", "https://")) and len(href) <= 500:
                found[href] = None
    return list(found)


def minutes_to_read(*texts: str) -> int:
    """Return whole minutes, at least one, at a calm reading pace."""
    words = sum(len(folded(text).split()) for text in texts)
    return max(1, round(words / WORDS_A_MINUTE))
