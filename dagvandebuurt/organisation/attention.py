"""What asks for an organiser now: what every section has to say of it, and what is about mail and the machine."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import func, select

from dagvandebuurt.core import network
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.parts.mail import set_aside
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.programme.hooks import AttentionItem, Urgency, attention_items
from dagvandebuurt.programme.models import Edition

PATIENCE = timedelta(minutes=15)  # of mail that could go: longer, and something is wrong
RECENT = timedelta(days=7)  # what came back before is history


def what_asks(actor: Actor, edition: Edition, now: datetime) -> list[AttentionItem]:
    """Return what asks for this organiser now, the most urgent first."""
    found = [item for items in attention_items(actor, edition, now) for item in items]
    return sorted(found, key=lambda item: item.urgency)


def attention_of_the_installation(actor: Actor, edition: Edition, now: datetime) -> Sequence[AttentionItem]:
    return [*_mail_that_stays(now), *_mail_set_aside(), *_mail_that_came_back(now), *_proxy()]


def _mail_that_stays(now: datetime) -> list[AttentionItem]:
    """Return that mail does not leave: it is due for some time, or was tried in vain. What waits for its turn
    of the hour does not count.
    """
    stuck = (Mail.status == MailStatus.WAITING, Mail.due_at <= now - PATIENCE)
    failed = (Mail.status == MailStatus.WAITING, Mail.last_error.is_not(None))
    count = (
        db.session.scalar(select(func.count()).select_from(Mail).where(*failed))
        or db.session.scalar(select(func.count()).select_from(Mail).where(*stuck))
        or 0
    )
    if not count:
        return []
    can_go = current_app.config["SMTP_URL"] is not None or current_app.config["DEMO"]
    return [
        AttentionItem(
            urgency=Urgency.NOW,
            code="mail stays",
            title=ngettext("%(num)s mail gaat niet weg.", "%(num)s mails gaan niet weg.", count),
            says=_("Mensen wachten op hun link of bericht.")
            if can_go
            else _("Er is geen mailserver ingesteld."),
            deed=_("Verstuur nu") if can_go else _("Bekijk de post"),
            path=path_for("organisation.mail_now" if can_go else "organisation.post"),
            icon="mail",
            is_post=can_go,
        )
    ]


def _mail_set_aside() -> list[AttentionItem]:
    """Return that a restore left mail for somebody to decide about."""
    count = set_aside.count()
    if not count:
        return []
    return [
        AttentionItem(
            urgency=Urgency.SOON,
            code="mail set aside",
            title=ngettext("%(num)s mail ligt opzij.", "%(num)s mails liggen opzij.", count),
            says=_("De site is teruggezet uit een back-up. Kies of deze mail nog weg moet."),
            deed=_("Bekijk de post"),
            path=path_for("organisation.post", anchor="opzij"),
            icon="mail",
        )
    ]


def _mail_that_came_back(now: datetime) -> list[AttentionItem]:
    """Return how much mail was refused or came back, of the last week: its recipients know nothing yet."""
    refused = select(func.count()).select_from(Mail).where(Mail.status == MailStatus.REFUSED)
    bounced = select(func.count(Mail.mailbox.distinct())).where(Mail.bounced_at > now - RECENT)
    back = db.session.scalar(bounced) or 0
    count = db.session.scalar(refused) or 0
    found = []
    if back:
        found.append(
            AttentionItem(
                urgency=Urgency.SOON,
                code="mail came back",
                title=ngettext(
                    "Van %(num)s adres kwam mail terug.", "Van %(num)s adressen kwam mail terug.", back
                ),
                says=_("Bel deze mensen als dat kan."),
                deed=_("Bekijk de post"),
                path=path_for("organisation.post", anchor="terug"),
                icon="mail",
            )
        )
    if count:
        found.append(
            AttentionItem(
                urgency=Urgency.SOON,
                code="mail refused",
                title=ngettext("%(num)s mail is geweigerd.", "%(num)s mails zijn geweigerd.", count),
                says=_("Bel deze mensen als dat kan."),
                deed=_("Bekijk de post"),
                path=path_for("organisation.post", anchor="geweigerd"),
                icon="mail",
            )
        )
    return found


def _proxy() -> list[AttentionItem]:
    if not network.proxy_is_forgotten():
        return []
    return [
        AttentionItem(
            urgency=Urgency.NOW,
            code="proxy",
            title=_("De site herkent bezoekers niet uit elkaar."),
            says=_(
                "Daardoor kan iedereen samen te horen krijgen dat het te snel gaat."
                " De instelling TRUSTED_PROXIES klopt niet. Vraag wie de site beheert."
            ),
            deed=_("Begin hier"),
            path=path_for("onboarding.preparation"),
            icon="warning",
        )
    ]
