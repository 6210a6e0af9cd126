"""Routes for access needs: who needs what, and what is arranged."""

from collections import Counter
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.text import clean_text, shortened
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.organisation.lookup import found
from dagvandebuurt.organisation.queries import the_edition as _edition
from dagvandebuurt.organisation.routes import bp
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.people.access.login import current_actor
from dagvandebuurt.registration import custom_questions
from dagvandebuurt.registration.labels import NEEDS
from dagvandebuurt.registration.letters import mail_need_arranged
from dagvandebuurt.registration.models import AccessNeed
from dagvandebuurt.registration.permissions import RegistrationPermission


@bp.get("/organisatie/toegankelijkheid")
@allows(RegistrationPermission.ARRANGE_ACCESS)
def access() -> ResponseReturnValue:
    """Show how many people need what; never who, until a row is opened."""
    needs = custom_questions.needs_in(_edition(current_user.id))
    asked = Counter(need for each in needs for need in each.needs)
    counts = [(label, asked[need.value]) for need, label in offered("need", NEEDS, asked).items()]
    return render_template("organisation/access.html", needs=needs, counts=counts)


@bp.post("/organisatie/toegankelijkheid/<uuid:need_id>")
@allows(RegistrationPermission.ARRANGE_ACCESS)
def look_at_need(need_id: UUID) -> ResponseReturnValue:
    """Open one. A form and no link, because the access is logged."""
    with transaction():
        custom_questions.read_needs(current_actor(), found(AccessNeed, need_id), now=clock.now())
    return _need(need_id)


def _need(need_id: UUID, error: str | None = None) -> ResponseReturnValue:
    need = found(AccessNeed, need_id)
    page = render_template("organisation/need.html", need=need, need_words=NEEDS, error=error)
    return page, 422 if error else 200


@bp.post("/organisatie/toegankelijkheid/<uuid:need_id>/geregeld")
@allows(RegistrationPermission.ARRANGE_ACCESS)
def arrange(need_id: UUID) -> ResponseReturnValue:
    note = shortened(clean_text(request.form.get("hoe"), lines=6), 500)
    if not note:
        return _need(need_id, _("Schrijf op hoe het geregeld is. Deze persoon leest dat."))
    with transaction():
        need = found(AccessNeed, need_id)
        custom_questions.arrange(current_user, need, note=note, now=clock.now())
        mail_need_arranged(need, now=clock.now())
    flash(_("Bewaard. Er gaat een mail naar deze persoon."))
    return redirect(url_for(".access"), 303)
