"""Forms of the checklists and of the technical check."""

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, one_line
from dagvandebuurt.people.labels import ROLES as ROLE_NAMES
from dagvandebuurt.people.models import Role
from dagvandebuurt.readiness.models import NOTE_MAX_CHARS, SENTENCE_MAX_CHARS, TechCheckOutcome
from dagvandebuurt.readiness.permissions import ROLES


class ItemForm(PageForm):
    """An item of the organiser's own."""

    sentence = StringField(
        _l("Wat moet er gebeuren?"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Schrijf in één zin wat er moet gebeuren.")),
            Length(max=SENTENCE_MAX_CHARS),
        ],
        render_kw={"maxlength": str(SENTENCE_MAX_CHARS), "autocomplete": "off"},
    )
    role = SelectField(
        _l("Voor wie?"), coerce=Role, choices=[SelectChoice(role.value, ROLE_NAMES[role]) for role in ROLES]
    )
    due_on = DateField(_l("Uiterlijk"), validators=[DataRequired(_l("Kies een dag."))])


class OutcomeForm(PageForm):
    """How the technical check went."""

    outcome = RadioField(
        _l("Hoe ging het?"),
        coerce=TechCheckOutcome,
        choices=[
            SelectChoice(TechCheckOutcome.WORKS.value, _l("Het werkt")),
            SelectChoice(TechCheckOutcome.NEEDS_HELP.value, _l("Ik heb hulp nodig")),
        ],
        validators=[DataRequired(_l("Kies een van de twee."))],
    )
    note = TextAreaField(
        _l("Wat lukt niet, en hoe bereiken we je?"),
        filters=[lambda text: clean_text(text or "", lines=8)],
        validators=[Length(max=NOTE_MAX_CHARS)],
        render_kw={"maxlength": str(NOTE_MAX_CHARS)},
    )
