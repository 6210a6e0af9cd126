"""The outbox is emptied when something was put in it, and every minute in any case."""

from flask import current_app

from dagvandebuurt.core.facts import listens_to
from dagvandebuurt.parts.jobs import job
from dagvandebuurt.parts.mail.facts import MailWaits
from dagvandebuurt.parts.mail.sender import send_due

send_mail = job("send_mail", lane="mail", minute="*")(send_due)


@listens_to(MailWaits)
def wake_the_sender(_fact: MailWaits) -> None:
    current_app.extensions["jobs"].wake("send_mail")
