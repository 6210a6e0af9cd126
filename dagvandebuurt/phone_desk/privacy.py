"""Retention and export of the looks of the phone desk."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.phone_desk.models import PhoneLook


@retention_rule(
    "phone_look",
    order=45,
    what=_l("Wie je hielp aan de telefoon, waarom, en wat die persoon deed"),
    why=_l("Zo zie jij wie er keek, en kan niemand zomaar gegevens opzoeken."),
    until=_l("90 dagen"),
    days=90,
)
def old_looks(before: datetime) -> int:
    return db.session.execute(delete(PhoneLook).where(PhoneLook.at < before)).rowcount  # type: ignore[attr-defined,no-any-return]


def looks_without_their_person(person_id: UUID, _now: datetime) -> None:
    """Take an erased person off the log: that a helper looked stays, at whom does not."""
    for column in (PhoneLook.person_id, PhoneLook.by_id):
        gone: dict[str, object] = {column.key: None}
        if column.key == "by_id":
            gone["by_name"] = ""
        db.session.execute(
            update(PhoneLook)
            .where(column == person_id)
            .values(gone)
            .execution_options(synchronize_session=False)
        )


def looks_go(_now: datetime) -> None:
    """Delete the log."""
    db.session.execute(delete(PhoneLook))
