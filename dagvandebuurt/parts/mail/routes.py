"""Demo mailbox at `/dev/mail`; 404 anywhere else."""

import secrets
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dagvandebuurt.core import security
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.parts.mail.framed import framed, policy
from dagvandebuurt.parts.mail.hooks import sms_of_the_demo
from dagvandebuurt.parts.mail.models import Mail
from dagvandebuurt.parts.mail.permissions import MailPermission

bp = Blueprint("mail", __name__)
NEWEST = 100


def _only_in_demo() -> None:
    if not current_app.config["DEMO"]:
        raise NotFound


@bp.get("/dev/mail")
@allows(MailPermission.READ_IN_DEMO)
def index() -> ResponseReturnValue:
    _only_in_demo()
    mails = db.session.scalars(select(Mail).order_by(Mail.made_at.desc(), Mail.id).limit(NEWEST)).all()
    messages = [message for there in sms_of_the_demo() for message in there]
    return render_template("mail/index.html", mails=mails, messages=messages)


@bp.get("/dev/mail/<uuid:mail_id>")
@allows(MailPermission.READ_IN_DEMO)
def show(mail_id: UUID) -> ResponseReturnValue:
    mail = _there(mail_id)
    security.allow("frame-src", "'self'")
    return render_template("mail/show.html", mail=mail, public=current_app.config["PUBLIC_URL"])


@bp.get("/dev/mail/<uuid:mail_id>/opmaak")
@allows(MailPermission.READ_IN_DEMO)
def as_html(mail_id: UUID) -> ResponseReturnValue:
    """Show a mail as a mail program does, for the frame on its page."""
    mail, nonce = _there(mail_id), secrets.token_urlsafe(16)
    shown = Response(framed(mail.html, nonce=nonce, public=current_app.config["PUBLIC_URL"]))
    shown.headers["Content-Security-Policy"] = policy(nonce)
    shown.headers["X-Frame-Options"] = "SAMEORIGIN"
    return shown


@bp.get("/dev/mail/<uuid:mail_id>/uitnodiging.ics")
@allows(MailPermission.READ_IN_DEMO)
def invitation(mail_id: UUID) -> ResponseReturnValue:
    """Serve the calendar invitation of a mail."""
    mail = _there(mail_id)
    if mail.calendar is None:
        raise NotFound
    kind = f"text/calendar; charset=utf-8; method={mail.calendar_method}"
    return Response(mail.calendar.encode(), content_type=kind)


def _there(mail_id: UUID) -> Mail:
    _only_in_demo()
    mail = db.session.get(Mail, mail_id)
    if mail is None:
        raise NotFound
    return mail
