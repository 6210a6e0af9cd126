"""Forms of the phone desk."""

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line
from dagvandebuurt.parts.branding.fields import OfferedSelect
from dagvandebuurt.people.forms import a_name
from dagvandebuurt.people.labels import PARTICIPANT_ROLES
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.phone_desk.labels import REASONS
from dagvandebuurt.registration.forms import NEIGHBOURHOOD_MAX_CHARS

TYPED_MAX_CHARS = 120


class FindForm(PageForm):
    """What the caller says, and why they ring."""

    reason = SelectField(
        _l("Waarom belt deze persoon?"),
        choices=[
            SelectChoice("", _l("Kies een reden")),
            *(SelectChoice(reason.value, label) for reason, label in REASONS.items()),
        ],
        validators=[DataRequired(_l("Kies waarom deze persoon belt. Dat schrijven we op."))],
    )
    typed = StringField(
        _l("Naam, heel e-mailadres, telefoonnummer of nummer van de kaart"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Typ wat de beller zegt.")),
            Length(max=TYPED_MAX_CHARS, message=_l("Houd het bij 120 tekens.")),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": str(TYPED_MAX_CHARS)},
    )


class DetailsForm(PageForm):
    """What somebody tells about themselves by phone."""

    name = StringField(
        _l("Naam"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul een naam in. Een voornaam is genoeg.")), a_name],
        render_kw={"autocomplete": "off", "maxlength": "100"},
    )
    participant_role = OfferedSelect(
        _l("Wie is deze persoon op de dag?"),
        of="participant_role",
        labels=PARTICIPANT_ROLES,
        default=ParticipantRole.RESIDENT.value,
    )
    neighbourhood = StringField(
        _l("Buurt"),
        filters=[one_line],
        validators=[Length(max=NEIGHBOURHOOD_MAX_CHARS, message=_l("Houd het bij 80 tekens."))],
        render_kw={"autocomplete": "off"},
    )
    seen = HiddenField()


class CallerForm(DetailsForm):
    """Registration of somebody who rings."""

    agreed = BooleanField(
        _l("Ik heb verteld wat we bewaren, en deze persoon vindt het goed"),
        validators=[DataRequired(_l("Vraag het eerst. Zet dan hier een vinkje."))],
    )
