"""Jobs of mail: the outbox, when mail is queued and every minute in any case; and what comes back."""

from dagvandebuurt.parts.jobs import job
from dagvandebuurt.parts.mail.bounces import read_inbox
from dagvandebuurt.parts.mail.sender import send_due

send_mail = job("send_mail", lane="mail", minute="*")(send_due)
read_bounces = job("read_bounces", lane="bounces", minute="*/5")(read_inbox)
