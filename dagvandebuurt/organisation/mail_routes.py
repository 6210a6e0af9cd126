"""Mail routes of the desk: the queue, and refused mail."""

from uuid import UUID

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.organisation.mail_queries import (
    bounced_mail,
    figures_of_mail,
    reasons_to_wait,
    refused_mail,
    waiting_mail,
)
from dagvandebuurt.organisation.permissions import OrganisationPermission
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.parts.mail import rules as mail_rules
from dagvandebuurt.parts.mail import set_aside
from dagvandebuurt.parts.mail.dead_mailboxes import address_works
from dagvandebuurt.parts.mail.labels import kind_of, why, why_back
from dagvandebuurt.parts.mail.models import Mail


@bp.get("/organisatie/post")
@allows(OrganisationPermission.EXPORT)
def post() -> ResponseReturnValue:
    """Show queued and refused mail."""
    return render_template(
        "organisation/post.html",
        figures=figures_of_mail(clock.now()),
        reasons=reasons_to_wait(),
        waiting=waiting_mail(),
        refused=refused_mail(),
        bounced=bounced_mail(),
        aside=set_aside.mails(),
        aside_count=set_aside.count(),
        reads_bounces=current_app.config["MAIL_BOUNCE_INBOX"] is not None,
        why=why,
        why_back=why_back,
        kind_of=kind_of,
        per_hour=current_app.config["MAIL_PER_HOUR"],
        goes_nowhere=current_app.config["SMTP_URL"] is None and not current_app.config["DEMO"],
    )


@bp.post("/organisatie/post/nu")
@allows(OrganisationPermission.EXPORT)
def mail_now() -> ResponseReturnValue:
    """Try the mail that waits now, instead of at its scheduled time."""
    with transaction():
        count = mail_rules.send_now(now=clock.now())
    flash(
        ngettext("We proberen %(num)s mail nu opnieuw.", "We proberen %(num)s mails nu opnieuw.", count)
        if count
        else _("Er is geen mail die nu weg kan.")
    )
    return redirect(url_for(".post"), 303)


@bp.post("/organisatie/post/opzij/verstuur")
@allows(OrganisationPermission.EXPORT)
def send_mail_set_aside() -> ResponseReturnValue:
    """Let the mail go that a restored backup still had to send."""
    with transaction():
        count = set_aside.release(now=clock.now())
    flash(
        ngettext("%(num)s mail gaat nu weg.", "%(num)s mails gaan nu weg.", count)
        if count
        else _("Er ligt geen mail meer opzij.")
    )
    return redirect(url_for(".post"), 303)


@bp.post("/organisatie/post/opzij/weg")
@allows(OrganisationPermission.EXPORT)
def drop_mail_set_aside() -> ResponseReturnValue:
    """Throw the mail away that a restored backup still had to send. Not without the tick: it is for good."""
    if not request.form.get("sure"):
        flash(_("Er is niets weggegooid. Zet eerst het vinkje."), "watch")
        return redirect(url_for(".post"), 303)
    with transaction():
        count = set_aside.throw_away()
    flash(
        ngettext("%(num)s mail is weggegooid.", "%(num)s mails zijn weggegooid.", count)
        if count
        else _("Er ligt geen mail meer opzij.")
    )
    return redirect(url_for(".post"), 303)


@bp.post("/organisatie/post/<uuid:mail_id>/opnieuw")
@allows(OrganisationPermission.EXPORT)
def mail_again(mail_id: UUID) -> ResponseReturnValue:
    with transaction():
        mail = db.session.get(Mail, mail_id)
        if mail is None:
            raise NotFound
        goes = mail_rules.try_again(mail, now=clock.now())
    flash(
        _("We proberen het opnieuw.")
        if goes
        else _(
            "De link in deze mail is gewist of al gebruikt. Op de site kan deze persoon een nieuwe vragen."
        )
    )
    return redirect(url_for(".post"), 303)


@bp.post("/organisatie/post/<uuid:mail_id>/adres-werkt")
@allows(OrganisationPermission.EXPORT)
def mail_address_works(mail_id: UUID) -> ResponseReturnValue:
    """Let reminders go again to the address from which this mail came back."""
    with transaction():
        mail = db.session.get(Mail, mail_id)
        if mail is None:
            raise NotFound
        address_works(mail.to)
    flash(_("Er gaan weer herinneringen naar dit adres."))
    return redirect(url_for(".post"), 303)
