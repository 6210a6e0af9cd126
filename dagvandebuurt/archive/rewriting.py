"""Rewriting of a page for the archive: links become relative, and what needs a server goes.

The HTML is the app's own, so it is well formed; everything that is not changed is copied as it stands.
"""

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
NEEDS_A_SERVER = frozenset({"form", "iframe", "script", "template", "video"})
# Links in the head that only a live site has.
LIVE_RELATIONS = frozenset({"alternate", "canonical", "modulepreload", "preload", "search"})
OF_A_CARD = {f"og:image:{each}" for each in ("alt", "height", "type", "width")}
LIVE_META = frozenset({"live-token", "og:image", "robots"} | OF_A_CARD)
# A form that shows a number as well: the number stays.
SHOWS_A_NUMBER = "question__support"
URL_IN_CSS = re.compile(rb"""url\(\s*["']?([^"')]+)["']?\s*\)""")

Attributes = dict[str, str | None]
Link = Callable[[str], str | None]


def rewritten(html: str, link: Link) -> str:
    """Return the page with each address replaced by what `link` returns for it. Where that is empty a link
    becomes text; where it is None it goes, with its words."""
    rewriter = _Rewriter(link)
    rewriter.feed(html)
    rewriter.close()
    return "".join(rewriter.pieces)


def addresses_in_css(content: bytes) -> list[str]:
    """Return what a stylesheet loads, without what is in it already (`data:`)."""
    found = [match.decode() for match in URL_IN_CSS.findall(content)]
    return [each for each in found if not each.startswith(("data:", "#"))]


class _Rewriter(HTMLParser):
    def __init__(self, link: Link) -> None:
        super().__init__(convert_charrefs=False)
        self.pieces: list[str] = []
        self._link = link
        self._dropped: list[str] = []  # open elements inside the one that goes, itself first
        self._instead: list[tuple[str, str]] = []  # open elements that got another name: (theirs, ours)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._dropped:
            if tag == self._dropped[0]:
                self._dropped.append(tag)
            return
        classes = (given.get("class") or "").split()
        if tag == "form" and SHOWS_A_NUMBER in classes:
            self._rename(tag, "div", given)
        elif tag == "button" and "support" in classes:
            self._rename(tag, "span", given)
        elif tag in NEEDS_A_SERVER or (tag == "button" and "popovertarget" not in given):
            self._dropped.append(tag)
        elif tag == "a" and given.get("href"):
            self._anchor(given, classes)
        elif tag == "input" or self._is_live(tag, given):
            return
        elif tag in ("img", "link", "source") and (given.get("src") or given.get("href")):
            self._loads(tag, given)
        else:
            self.pieces.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.handle_starttag(tag, attrs)
        elif not self._dropped:
            self.pieces.append(self.get_starttag_text() or "")  # a part of a drawing

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag == self._dropped[0]:
                self._dropped.pop()
            return
        if self._instead and self._instead[-1][0] == tag:
            tag = self._instead.pop()[1]
        if tag not in VOID:
            self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._copy(data)

    def handle_entityref(self, name: str) -> None:
        self._copy(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._copy(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self._copy(f"<!{decl}>")

    def _copy(self, text: str) -> None:
        if not self._dropped:
            self.pieces.append(text)

    def _anchor(self, given: Attributes, classes: list[str]) -> None:
        href = self._link(given["href"] or "")
        if href:
            self.pieces.append(_tag("a", {**given, "href": href}))
        elif href is None or "button" in classes or "nofollow" in (given.get("rel") or ""):
            self._dropped.append("a")
        else:
            kept = {name: value for name, value in given.items() if name in ("class", "lang", "dir", "id")}
            self._rename("a", "span", kept)

    def _loads(self, tag: str, given: Attributes) -> None:
        name = "src" if given.get("src") else "href"
        address = self._link(given[name] or "")
        if address:
            self.pieces.append(_tag(tag, {**given, name: address}))

    def _rename(self, tag: str, name: str, given: Attributes) -> None:
        self._instead.append((tag, name))
        self.pieces.append(
            _tag(name, {each: given[each] for each in ("class", "id", "lang", "dir") if each in given})
        )

    @staticmethod
    def _is_live(tag: str, given: Attributes) -> bool:
        if tag == "link":
            return not LIVE_RELATIONS.isdisjoint((given.get("rel") or "").split())
        return tag == "meta" and (given.get("name") or given.get("property")) in LIVE_META


def _tag(name: str, given: Attributes) -> str:
    written = "".join(
        f" {each}" if value is None else f' {each}="{escape(value)}"' for each, value in given.items()
    )
    return f"<{name}{written}>"
