"""The mailbox of the event, as calendars and security.txt publish it."""

from email.utils import parseaddr

from flask import current_app

from dagvandebuurt.parts.branding.queries import brand

NOT_SET = (
    "hallo@dagvandebuurt.example"  # what MAIL_FROM is while nobody chose a sender; no such mailbox exists
)


def sending_mailbox() -> str | None:
    """Return the address that mail comes from; None while nobody chose one."""
    address = parseaddr(current_app.config["MAIL_FROM"])[1]
    return None if address == NOT_SET and not current_app.config["DEMO"] else address


def published_mailbox(of_the_edition: str) -> str | None:
    """Return the address to publish where mail is sent by nobody yet; None when organisers gave none."""
    return of_the_edition or brand.contact_email or None
