"""Retention of mail, and its erasure with its recipient."""

from datetime import datetime

from sqlalchemy import delete, func

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.parts.mail.models import Mail


@retention_rule(
    "mail",
    order=60,
    what=_l("De mails die we je stuurden"),
    why=_l("Om ze te versturen, en te zien of ze aankwamen."),
    until=_l("30 dagen"),
    days=30,
)
def old_mail(before: datetime) -> int:
    return db.session.execute(delete(Mail).where(Mail.made_at < before)).rowcount  # type: ignore[attr-defined,no-any-return]


def delete_mail_to(address: str) -> None:
    """Delete all mail to this address, sent or not: it holds their name and text."""
    db.session.execute(
        delete(Mail)
        .where(func.lower(Mail.to) == address.lower())
        .execution_options(synchronize_session=False)
    )


def mail_goes(_now: datetime) -> None:
    """Delete all mail, sent or not."""
    db.session.execute(delete(Mail))
