"""The registration form: one page, under a minute."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, length, one_line
from dagvandebuurt.people.forms import NAME_MAX_CHARS, a_name, an_email
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.people.words import DOMAINS, PARTICIPANT_ROLES

NEIGHBOURHOOD_MAX_CHARS = 80
MOST_AT_ONCE = 40  # names in one form: a bus, a class


class RegisterForm(PageForm):
    """What we need to know, and no more."""

    name = StringField(
        _l("Hoe mogen we je noemen?"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul een naam in. Een voornaam is genoeg.")), a_name],
        render_kw={"autocomplete": "name"},
    )
    email = StringField(
        _l("E-mailadres"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul je e-mailadres in.")), an_email],
        render_kw={"autocomplete": "email", "type": "email", "inputmode": "email"},
    )
    participant_role = RadioField(
        _l("Wie ben je op deze dag?"),
        choices=[SelectChoice(role.value, label) for role, label in PARTICIPANT_ROLES.items()],
        validators=[DataRequired(_l("Kies wat het beste past. 'Zeg ik liever niet' mag ook."))],
    )
    domain = SelectField(
        _l("Waar werk je of ben je actief?"),
        choices=[
            SelectChoice("", _l("Geen keuze")),
            *(SelectChoice(domain.value, label) for domain, label in DOMAINS.items()),
        ],
        default="",
    )
    neighbourhood = StringField(
        _l("Jouw buurt"),
        filters=[one_line],
        validators=[Length(max=NEIGHBOURHOOD_MAX_CHARS, message=_l("Houd het bij 80 tekens."))],
        render_kw={"autocomplete": "off"},
    )
    house_rules = BooleanField(
        _l("Ik houd me aan de spelregels"),
        validators=[DataRequired(_l("Zet hier een vinkje, dan kun je meedoen."))],
    )
    privacy = BooleanField(
        _l("Ik heb gelezen wat jullie met mijn gegevens doen"),
        validators=[DataRequired(_l("Zet hier een vinkje, dan kun je meedoen."))],
    )

    @property
    def role(self) -> ParticipantRole:
        return ParticipantRole(self.participant_role.data)


class CodeForm(PageForm):
    """A number from a poster or a card. Spaces and dashes are for the eye."""

    code = StringField(
        _l("Jouw nummer"),
        filters=[lambda typed: "".join(sign for sign in (typed or "") if sign not in " -.\u00a0")],
        validators=[DataRequired(_l("Vul het nummer in."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "20"},
    )


def some_names(_form: Any, field: Any) -> None:
    for name in field.data.splitlines():
        if length(name) > NAME_MAX_CHARS:
            raise ValidationError(_("Houd elke naam bij %(most)d tekens.", most=NAME_MAX_CHARS))


class OthersForm(PageForm):
    """Registering people who have no e-mail: a name on each line."""

    names = TextAreaField(
        _l("Wie meld je aan?"),
        filters=[lambda typed: clean_text(typed, lines=MOST_AT_ONCE)],
        validators=[DataRequired(_l("Vul een naam in. Een voornaam is genoeg.")), some_names],
    )
    participant_role = SelectField(
        _l("Wie zijn zij op deze dag?"),
        choices=[SelectChoice(role.value, label) for role, label in PARTICIPANT_ROLES.items()],
        default=ParticipantRole.RESIDENT.value,
    )
    neighbourhood = StringField(
        _l("Hun buurt"),
        filters=[one_line],
        validators=[Length(max=NEIGHBOURHOOD_MAX_CHARS, message=_l("Houd het bij 80 tekens."))],
        render_kw={"autocomplete": "off"},
    )
    agreed = BooleanField(
        _l("Ik heb het gevraagd, en zij vinden het goed"),
        validators=[DataRequired(_l("Vraag het eerst. Zet dan hier een vinkje."))],
    )

    @property
    def people(self) -> list[str]:
        return [name for line in (self.names.data or "").splitlines() if (name := one_line(line))]


class NameForm(PageForm):
    """Only a name."""

    name = StringField(
        _l("Naam"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul een naam in. Een voornaam is genoeg.")), a_name],
        render_kw={"autocomplete": "off", "maxlength": "100"},
    )
