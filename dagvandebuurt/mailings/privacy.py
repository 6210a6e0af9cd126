"""Retention of who got which mailing."""

from datetime import datetime

from sqlalchemy import delete, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.retention import retention_rule
from dagvandebuurt.mailings.models import Mailing, MailingRecipient, MailingStatus
from dagvandebuurt.mailings.queries import outcomes

DAYS = 28  # before the mails themselves are deleted, after 30: so the figures are still whole
ENDED = (MailingStatus.DONE, MailingStatus.STOPPED, MailingStatus.SENDING)


@retention_rule(
    "mailing",
    order=61,
    what=_l("Welk bericht van de organisatie je kreeg"),
    why=_l("Om niemand een bericht twee keer te sturen, en te zien of het aankwam."),
    until=_l("28 dagen"),
    days=DAYS,
)
def old_recipients(before: datetime) -> int:
    """Keep how many got it, and delete who."""
    deleted = 0
    found = db.session.scalars(
        select(Mailing).where(Mailing.started_at < before, Mailing.status.in_(ENDED)).order_by(Mailing.id)
    )
    for mailing in found:
        if mailing.figures:
            continue
        mailing.figures = {outcome.value: number for outcome, number in outcomes(mailing).items()}
        gone = db.session.execute(
            delete(MailingRecipient)
            .where(MailingRecipient.mailing_id == mailing.id)
            .execution_options(synchronize_session=False)
        )
        deleted += gone.rowcount  # type: ignore[attr-defined]
    return deleted


def mailings_go(_now: datetime) -> None:
    """Delete who got what; the texts of the organisation stay."""
    db.session.execute(delete(MailingRecipient))
