"""Login and account forms."""

from typing import Any

import email_validator
from email_validator import EmailNotValidError, validate_email
from flask_login import current_user
from wtforms import PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import length, one_line
from dagvandebuurt.parts.branding.fields import OfferedSelect
from dagvandebuurt.people import names
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES

# Reserved names are undeliverable, and the demo uses them (RFC 2606).
if "example" in email_validator.SPECIAL_USE_DOMAIN_NAMES:
    email_validator.SPECIAL_USE_DOMAIN_NAMES.remove("example")

NAME_MAX_CHARS = 100
PASSWORD_LEAST_CHARS = 10


def a_name(_form: Any, field: Any) -> None:
    """Return a name field: one visible line.

    Any script, one word or five: a name is what somebody says it is, unless it imitates the organisation
    (`people.names`).
    """
    if length(field.data or "") > NAME_MAX_CHARS:
        raise ValidationError(_("Houd het bij %(most)d tekens.", most=NAME_MAX_CHARS))
    refused = names.objection(field.data or "", own_id=current_user.id if current_user else None)
    if refused is not None:
        raise ValidationError(refused)


def an_email(_form: Any, field: Any) -> None:
    """Return an e-mail field. No DNS look-up: the confirmation mail is the proof."""
    try:
        validate_email(field.data or "", check_deliverability=False, allow_quoted_local=True)
    except EmailNotValidError:
        raise ValidationError(
            _("Dit e-mailadres klopt niet. Kijk of er een @ in staat en of het compleet is.")
        ) from None


class EmailForm(PageForm):
    """Address for a login link."""

    email = StringField(
        _l("E-mailadres"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul je e-mailadres in.")), an_email],
        render_kw={"autocomplete": "email", "type": "email", "inputmode": "email", "maxlength": "320"},
    )


class PasswordForm(EmailForm):
    """Login with a password."""

    password = PasswordField(
        _l("Wachtwoord"),
        validators=[DataRequired(_l("Vul je wachtwoord in.")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(PageForm):
    """New password: long is enough."""

    password = PasswordField(
        _l("Nieuw wachtwoord"),
        validators=[
            DataRequired(_l("Vul een wachtwoord in.")),
            Length(PASSWORD_LEAST_CHARS, 200, _l("Neem minstens 10 tekens. Een zin mag ook.")),
        ],
        render_kw={"autocomplete": "new-password", "minlength": "10"},
    )
    current = PasswordField(
        _l("Je oude wachtwoord, of een code van je telefoon of papier"),
        validators=[Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )


class GuestForm(PageForm):
    """Guest login: a name of one's choice."""

    name = StringField(
        _l("Hoe mogen we je noemen?"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul een naam in. Een voornaam is genoeg.")), a_name],
        render_kw={"autocomplete": "nickname", "maxlength": "100"},
    )


class DetailsForm(GuestForm):
    """Profile details."""

    participant_role = OfferedSelect(
        _l("Wie ben je op deze dag?"),
        of="participant_role",
        labels=PARTICIPANT_ROLES,
    )
    domain = OfferedSelect(
        _l("Waar werk je of ben je actief?"),
        of="domain",
        labels=DOMAINS,
        nothing=_l("Geen keuze"),
    )
    neighbourhood = StringField(
        _l("Jouw buurt"),
        filters=[one_line],
        validators=[Length(max=80, message=_l("Houd het bij 80 tekens."))],
        render_kw={"autocomplete": "off"},
    )


class RoleForm(PageForm):
    """Role of a guest: a button each."""

    participant_role = OfferedSelect(
        _l("Wie ben je op deze dag?"),
        of="participant_role",
        labels=PARTICIPANT_ROLES,
    )


class CodeForm(PageForm):
    """Second-factor code: TOTP or recovery."""

    code = StringField(
        _l("Code"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul de code in.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "maxlength": "40"},
    )


class PhoneForm(EmailForm):
    """Login without mail: TOTP and recovery code together."""

    code = StringField(
        _l("Code van je telefoon"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul de code in.")), Length(max=40)],
        render_kw={"autocomplete": "one-time-code", "maxlength": "40", "inputmode": "numeric"},
    )
    paper = StringField(
        _l("Een code van je papier"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul een code van je papier in.")), Length(max=40)],
        render_kw={"autocomplete": "off", "maxlength": "40"},
    )


class NothingForm(PageForm):
    """Button without fields, with the CSRF token only."""
