"""Form client for tests: reads the form from the page, so that only existing fields are sent."""

from html.parser import HTMLParser

from werkzeug.datastructures import MultiDict


class _Reader(HTMLParser):
    def __init__(self, mark):
        super().__init__(convert_charrefs=True)
        self.mark, self.inside, self.select, self.area = mark, False, None, None
        self.action, self.fields = None, MultiDict()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form" and (self.mark in given or self.mark in (given.get("action") or "")):
            self.inside, self.action = True, given["action"]
        if not self.inside:
            return
        name, value = given.get("name"), given.get("value") or ""
        if tag == "input" and name:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self.fields.add(name, value)
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((value, "selected" in given))
        elif tag == "textarea":
            self.area, self.written = name, []

    def handle_data(self, text):
        if self.area:
            self.written.append(text)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select" and self.select:
            chosen = [value for value, is_chosen in self.options if is_chosen] or [self.options[0][0]]
            self.fields.add(self.select, chosen[-1])
            self.select = None
        elif tag == "textarea" and self.area:
            # The first newline after the tag is no part of the text.
            self.fields.add(self.area, "".join(self.written).removeprefix("\r").removeprefix("\n"))
            self.area = None


def form_on(answer, mark="data-edit"):
    """Return (address, fields) of the form with this attribute, or with this in its address."""
    reader = _Reader(mark)
    reader.feed(answer.get_data(as_text=True))
    assert reader.action is not None, answer.get_data(as_text=True)[:3000]
    return reader.action, reader.fields


def send(browser, answer, mark="data-edit", **typed):
    """Fill in a page and press its button."""
    action, fields = form_on(answer, mark)
    for name, value in typed.items():
        fields.setlist(name.replace("kies_", "kies-"), value if isinstance(value, list) else [value])
    return browser.post(action, data=fields)


def decide(browser, edition, path, **typed):
    """Open or close an edition as an organiser does: press, read what changes, and confirm."""
    page = browser.get(f"/organisatie/programma/edities/{edition.id}")
    asked = send(browser, page, f"/{path}")
    return send(browser, asked, f"/{path}", zeker="ja", **typed)
