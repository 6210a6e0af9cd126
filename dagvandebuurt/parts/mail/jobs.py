"""Outbox job: runs when mail is queued, and every minute in any case."""

from dagvandebuurt.parts.jobs import job
from dagvandebuurt.parts.mail.sender import send_due

send_mail = job("send_mail", lane="mail", minute="*")(send_due)
