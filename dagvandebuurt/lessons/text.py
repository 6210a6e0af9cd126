"""Markdown of editors, made into markup that can hold nothing but text."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from dagvandebuurt.core.text import folded

MOST_CHARS = 20_000  # worst cases of this length render well under half a second
WORDS_A_MINUTE = 200
_TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "code", "h3", "h4", "hr"}
_markdown = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["replacements", "smartquotes"]
)


@lru_cache(maxsize=512)
def rendered(text: str) -> Markup:
    """`text` as safe markup: no pictures, no raw HTML, links only to the web or to mail."""
    html = _markdown.render(text[:MOST_CHARS])
    return Markup(  # noqa: S704 - nh3 just cleaned it
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href", "title"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="nofollow noopener ugc",
        )
    )


def minutes_to_read(*texts: str) -> int:
    """Whole minutes, at least one, at the pace of somebody who reads calmly."""
    words = sum(len(folded(text).split()) for text in texts)
    return max(1, round(words / WORDS_A_MINUTE))
