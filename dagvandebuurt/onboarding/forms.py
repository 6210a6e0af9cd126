"""Form of the set-up in a browser."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import EmailField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line
from dagvandebuurt.people.forms import a_name
from dagvandebuurt.programme.editing.forms import NextEditionForm

CODE_MAX_CHARS = 40


def _an_address(_form: Any, field: Any) -> None:
    try:
        found = validate_email(field.data, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise ValidationError(_("Dit is geen e-mailadres. Schrijf het als naam@voorbeeld.nl")) from None
    field.data = found.normalized


class BeginForm(PageForm):
    """Who begins. The code comes first, as on the screen of the server."""

    code = StringField(
        _l("De code die de server liet zien"),
        filters=[one_line],
        validators=[DataRequired(_l("Typ de code over.")), Length(max=CODE_MAX_CHARS)],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    name = StringField(
        _l("Jouw naam"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul een naam in. Een voornaam is genoeg.")), a_name],
        render_kw={"autocomplete": "name", "maxlength": "100"},
    )
    email = EmailField(
        _l("Jouw e-mailadres"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul je e-mailadres in.")), Length(max=200), _an_address],
        render_kw={"autocomplete": "email"},
    )


class BeginWithDayForm(BeginForm, NextEditionForm):
    """The same, and the first day where there is none yet."""
