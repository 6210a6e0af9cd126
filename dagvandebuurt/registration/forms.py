"""The registration form: one page, under a minute."""

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line
from dagvandebuurt.people.forms import a_name, an_email
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.people.words import DOMAINS, PARTICIPANT_ROLES

NEIGHBOURHOOD_MAX_CHARS = 80


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
