"""Name of the demo's event and its partners, saved as an administrator would."""

from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, id_of
from dagvandebuurt.parts.branding import queries, rules
from dagvandebuurt.parts.branding.queries import Look
from dagvandebuurt.parts.partners import rules as partner_rules
from dagvandebuurt.parts.partners.queries import partners
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.models import Person


def load_branding(content: Content, now: datetime) -> None:
    """Name the event, unless somebody did."""
    if queries.newest() is not None:
        return
    db.session.flush()
    row = content["branding"]
    admin = Identity.of(db.session.get_one(Person, id_of(row["saved_by"])))
    look = Look(
        name=row["name"],
        tagline=row["tagline"],
        tagline_en=row["tagline_en"],
        contact_email=row["contact_email"],
    )
    rules.save(admin, None, look=look, seen=0, now=now)


def load_partners(content: Content, now: datetime) -> None:
    """Add the partners, unless somebody did."""
    if partners():
        return
    admin = Identity.of(db.session.get_one(Person, id_of(content["branding"]["saved_by"])))
    for row in content["partners"]:
        partner_rules.add(admin, None, name=row["name"], url=row["url"], alt="", logo=None, now=now)
        db.session.flush()
