"""Name of the demo's event, saved as an administrator would."""

from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, id_of
from dagvandebuurt.parts.branding import queries, rules
from dagvandebuurt.parts.branding.queries import Look
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
