"""Routes of SMS: one's own number, and the webhooks of the gateway."""

import hmac
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import csrf, throttle
from dagvandebuurt.people.hooks import PersonalPage
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.sms import outbox, rules
from dagvandebuurt.sms.availability import edition_to_text
from dagvandebuurt.sms.forms import CodeForm, NumberForm
from dagvandebuurt.sms.gateways import Gateway, gateway_of
from dagvandebuurt.sms.models import SmsNumber
from dagvandebuurt.sms.permissions import SmsPermission
from dagvandebuurt.sms.phone_numbers import shown
from dagvandebuurt.sms.queries import number_of_person
from dagvandebuurt.sms.sealing import number_of
from dagvandebuurt.sms.texts import can_be_answered

bp = Blueprint("sms", __name__)


@bp.get("/mijn/sms")
@allows(SmsPermission.CHANGE_OWN)
def mine() -> ResponseReturnValue:
    """Show one's number for the day: give it, prove it, or delete it."""
    return _page(_edition())


@bp.post("/mijn/sms")
@throttle("20 per hour", together="300 per hour")
@allows(SmsPermission.CHANGE_OWN)
def give() -> ResponseReturnValue:
    """Give a number, and have a code sent to it."""
    edition, form = _edition(), NumberForm()
    return attempt(
        form,
        lambda: rules.give(
            current_user, edition, typed=form.number.data or "", most=_most(), now=clock.now()
        ),
        page=lambda form, status: _page(edition, status, number_form=form),
        back=url_for(".mine"),
        said=_said,
        at=form.number,
    )


def _said(row: SmsNumber) -> str:
    return _("Dit nummer hadden we al.") if row.proven_at else _("We stuurden je een sms met een code.")


@bp.post("/mijn/sms/opnieuw")
@throttle("20 per hour", together="300 per hour")
@allows(SmsPermission.CHANGE_OWN)
def send_again() -> ResponseReturnValue:
    """Have a new code sent."""
    edition, form = _edition(), CodeForm(formdata=None)
    return attempt(
        form,
        lambda: rules.send_again(current_user, edition, most=_most(), now=clock.now()),
        page=lambda form, status: _page(edition, status, code_form=form),
        back=url_for(".mine"),
        said=_("We stuurden je een sms met een nieuwe code."),
        validate=False,
    )


@bp.post("/mijn/sms/code")
@throttle("60 per hour", together="600 per hour")
@allows(SmsPermission.CHANGE_OWN)
def prove() -> ResponseReturnValue:
    """Prove the number by the code."""
    edition, form = _edition(), CodeForm()
    if not form.validate():
        return _page(edition, 422, code_form=form)
    with transaction():
        proof = rules.prove(current_user, edition, typed=form.code.data or "", now=clock.now())
    if proof.refusal is not None:
        form.code.errors = [str(proof.refusal.message)]
        return _page(edition, proof.refusal.status, code_form=form)
    flash(_("Gelukt. We sms'en je een uur voor elke sessie die je koos."))
    return redirect(url_for(".mine"), 303)


@bp.post("/mijn/sms/weg")
@allows(SmsPermission.CHANGE_OWN)
def take_back() -> ResponseReturnValue:
    """Delete one's number."""
    edition = _edition()
    with transaction():
        rules.take_back(current_user, edition, now=clock.now())
    flash(_("Je nummer is gewist. Je krijgt geen sms meer."))
    return redirect(url_for("people.settings_page", page=PersonalPage.MAIL.value, _anchor="sms"), 303)


@bp.route("/sms/<secret>/bezorgd", methods=["GET", "POST"])
@csrf.exempt
@allows(SmsPermission.REPORT)
def delivered(secret: str) -> ResponseReturnValue:
    """Take a delivery report of the gateway, whose address only the gateway knows. Some gateways report by GET."""
    gateway, fields = _called_by_the_gateway(secret)
    report = gateway.report(fields)
    if report is not None:
        with transaction():
            outbox.take_report(report, now=clock.now())
    return "", 204


@bp.route("/sms/<secret>/binnen", methods=["GET", "POST"])
@csrf.exempt
@allows(SmsPermission.REPORT)
def incoming(secret: str) -> ResponseReturnValue:
    """Take a message from a phone: STOP and START."""
    gateway, fields = _called_by_the_gateway(secret)
    message = gateway.incoming(fields)
    if message is not None:
        with transaction():
            rules.hear(message.number, message.text, now=clock.now())
    return "", 204


def _called_by_the_gateway(secret: str) -> tuple[Gateway, dict[str, str]]:
    """Return the gateway and the fields it sent, by name in lower case. Raises NotFound for any other caller."""
    gateway = gateway_of(current_app.config)
    ours = str(current_app.config["SMS_SECRET"] or "")
    if gateway is None or not ours or not hmac.compare_digest(secret.encode(), ours.encode()):
        raise NotFound
    found: dict[str, Any] = dict(request.values.items())
    if request.is_json:
        sent = request.get_json(silent=True)
        found |= sent if isinstance(sent, dict) else {}
    return gateway, {str(name).lower(): str(value) for name, value in found.items()}


def _edition() -> Edition:
    edition = edition_to_text()
    if edition is None:
        raise NotFound
    return edition


def _most() -> int:
    return int(current_app.config["SMS_PER_DAY"])


def _page(
    edition: Edition,
    status: int = 200,
    *,
    number_form: NumberForm | None = None,
    code_form: CodeForm | None = None,
) -> ResponseReturnValue:
    row = number_of_person(current_user.id, edition)
    number = number_of(row) if row is not None else None
    page = render_template(
        "sms/mine.html",
        edition=edition,
        row=row,
        shown=shown(number) if number else "",
        form=number_form or NumberForm(formdata=None),
        code_form=code_form or CodeForm(formdata=None),
        can_be_answered=can_be_answered(),
        back=url_for("people.settings_page", page=PersonalPage.MAIL.value),
    )
    return page, status
