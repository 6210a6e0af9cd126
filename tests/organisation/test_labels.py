"""Each label belongs to a field, also where two forms on one page ask the same thing."""

import re
from html.parser import HTMLParser

import pytest


class Fields(HTMLParser):
    """The ids of a page, what its labels are for, and which fields have no name for who does not see them."""

    def __init__(self):
        super().__init__()
        self.ids, self.labelled, self.fields = [], [], {}
        self.inside_label = 0

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "label":
            self.labelled.append(given.get("for"))
            self.inside_label += 1
        if tag in ("input", "select", "textarea") and given.get("type") not in ("hidden", "submit"):
            self.fields[given.get("id")] = bool(self.inside_label or given.get("aria-label"))

    def handle_endtag(self, tag):
        self.inside_label -= tag == "label"


@pytest.mark.parametrize(
    "path", ["/inloggen", "/organisatie/uiterlijk", "/organisatie/rollen", "the session"]
)
def test_every_field_has_its_own_label(make, session, path):
    who = make.person("Roos", roles=["admin", "organiser"])
    browser = make.browser() if path == "/inloggen" else make.browser(who)

    page = browser.get(f"/organisatie/sessies/{session.slug}" if path == "the session" else path)

    assert page.status_code == 200
    found = Fields()
    found.feed(page.text)
    assert len(found.ids) == len(set(found.ids))
    named = {each for each in found.labelled if each}
    assert named <= set(found.ids)
    assert [each for each, is_named in found.fields.items() if not is_named and each not in named] == []


def test_what_is_wrong_leads_to_the_field_of_its_own_form(make, session):
    page = make.browser().post("/inloggen/wachtwoord", data={"email": "geen adres", "password": ""})

    leads = re.findall(r'<a href="#([\w-]+)">E-mailadres', page.text)
    assert leads == ["email-bij-wachtwoord"]
    assert 'id="email-bij-wachtwoord-fout"' in page.text
    assert re.search(r'<input[^>]*aria-describedby="email-bij-wachtwoord-fout"', page.text)
