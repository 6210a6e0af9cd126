"""Injection payloads of `payloads.txt`, and how to detect them where they are shown."""

import json
from html.parser import HTMLParser
from pathlib import Path

PAYLOADS = [
    json.loads(line)
    for line in Path(__file__).with_name("payloads.txt").read_text().splitlines()
    if line.startswith('"')
]
# Everything a page of ours consists of. Anything else was injected.
TAGS = {"html", "head", "meta", "title", "link", "script", "body", "header", "nav", "main", "footer", "div", "span", "p", "a", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "form", "input", "button", "select", "option", "textarea", "label", "fieldset", "legend", "details", "summary", "article", "section", "aside", "figure", "figcaption", "blockquote", "q", "img", "svg", "path", "g", "circle", "rect", "line", "table", "caption", "thead", "tbody", "tr", "th", "td", "strong", "em", "b", "i", "bdi", "del", "ins", "time", "br", "hr", "code", "pre", "small", "progress", "style", "center"}  # fmt: skip
ADDRESSES = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "poster",
    "xlink:href",
    "srcset",
    "background",
    "ping",
}
SAFE = ("http://", "https://", "webcal://", "mailto:", "tel:", "/", "#", "?")


class _Look(HTMLParser):
    """Finds every unexpected tag and attribute of a page."""

    def __init__(self, *, is_mail: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.is_mail = is_mail
        self.is_in_data = False

    def handle_starttag(self, tag, attributes):
        where = f"<{tag} {attributes}>"[:200]
        given = dict(attributes)
        if tag not in TAGS or (tag in ("style", "center") and not self.is_mail):
            self.found.append(f"a tag that is not ours: {where}")
        # A data block is not executed: it must be data from end to end, which is checked below.
        self.is_in_data = tag == "script" and attributes == [("type", "application/ld+json")]
        is_ours = (given.get("src") or "").startswith("/static/") or self.is_in_data
        if tag == "script" and not is_ours:
            self.found.append(f"a script: {where}")
        if tag == "meta" and "http-equiv" in given and not self.is_mail:
            self.found.append(f"an order to the browser: {where}")
        if tag == "img" and not (given.get("src") or "").startswith(("/static/", "/beeld/")):
            self.found.append(f"a picture from elsewhere: {where}")
        for name, value in attributes:
            if (
                name.startswith("on")
                or (name == "style" and not self.is_mail)
                or not name.isascii()
                or "kanarie" in name
            ):
                self.found.append(f"an attribute {name}: {where}")
            address = "".join(sign for sign in (value or "") if sign > " ").lower()
            if name in ADDRESSES and address and not address.startswith(SAFE):
                self.found.append(f"an address {address[:60]}: {where}")

    def handle_data(self, data):
        if self.is_in_data and data.strip():
            try:
                json.loads(data)
            except ValueError:
                self.found.append(f"data that is none: {data[:200]}")
            if "<" in data:
                self.found.append(f"a tag in data: {data[:200]}")

    def handle_endtag(self, tag):
        self.is_in_data = False

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)

    def handle_decl(self, decl):
        if decl.lower() != "doctype html":
            self.found.append(f"a declaration: {decl[:60]}")

    def handle_pi(self, data):
        self.found.append(f"an instruction: {data[:60]}")


def trouble_in(page: str, *, is_mail: bool = False) -> list[str]:
    """What does not belong in this page."""
    look = _Look(is_mail=is_mail)
    look.feed(page)
    look.close()
    return look.found
