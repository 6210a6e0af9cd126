"""Texts of the demo's site, saved as an organiser would."""

from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, id_of
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person
from dagvandebuurt.texts.queries import newest
from dagvandebuurt.texts.rules import save_text
from dagvandebuurt.texts.site_pages import PAGES, standard_of


def load_texts(content: Content, now: datetime) -> None:
    """Write the texts, unless somebody did."""
    row = content["site_texts"]
    writer = Identity.of(db.session.get_one(Person, id_of(row["saved_by"])))
    for page in PAGES:
        if page.code in row and newest(page) is None:
            save_text(writer, page, values=standard_of(page) | row[page.code], seen=0, now=now)
