"""Registration forms: one page, under a minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, length, one_line, shortened
from dagvandebuurt.parts.branding.fields import OfferedRadio, OfferedSelect
from dagvandebuurt.people import names
from dagvandebuurt.people.forms import NAME_MAX_CHARS, a_name, an_email
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.registration.custom_questions import NO, YES
from dagvandebuurt.registration.labels import ANSWER_KINDS
from dagvandebuurt.registration.models import AccessNeed, AnswerKind, CustomQuestion, Need

NEIGHBOURHOOD_MAX_CHARS = 80
LEAST_CHOICES = 2
MOST_AT_ONCE = 40  # names in one form: a bus, a class


class RegisterForm(PageForm):
    """Registration for the day: what we need to know, and no more."""

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
    participant_role = OfferedRadio(
        _l("Wie ben je op deze dag?"),
        of="participant_role",
        labels=PARTICIPANT_ROLES,
        validators=[DataRequired(_l("Kies wat het beste past. 'Zeg ik liever niet' mag ook."))],
    )
    domain = OfferedSelect(
        _l("Waar werk je of ben je actief?"),
        of="domain",
        labels=DOMAINS,
        nothing=_l("Geen keuze"),
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


@dataclass(frozen=True)
class NeedsTyped:
    """Access needs as typed: to show again, and to store when `error` is None."""

    chosen: list[str]
    note: str = ""
    phone: str = ""
    agreed: bool = False

    @classmethod
    def of(cls, need: AccessNeed | None) -> "NeedsTyped":
        if need is None:
            return cls([])
        return cls(need.needs, need.note or "", need.phone or "", agreed=True)

    @classmethod
    def sent(cls, form: Any) -> "NeedsTyped":
        return cls(
            [need.value for need in Need if need.value in form.getlist("nodig")],
            shortened(clean_text(form.get("nodig-toelichting"), lines=8), 500),
            shortened(one_line(form.get("nodig-telefoon")), 40),
            form.get("nodig-akkoord") == "ja",
        )

    @property
    def error(self) -> str | None:
        """Require express consent for access needs (AVG article 9, 2a)."""
        if self.chosen and not self.agreed:
            return _("Zet ook het vinkje dat we dit mogen bewaren. Of vink alles uit.")
        if Need.CALL_BACK in self.chosen and not self.phone:
            return _("Op welk nummer mogen we je bellen?")
        return None

    @property
    def needs(self) -> list[Need]:
        return [Need(value) for value in self.chosen]


class QuestionForm(PageForm):
    """Custom question of the registration form."""

    label = StringField(
        _l("Vraag"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Schrijf de vraag op.")),
            Length(max=160, message=_l("Houd het bij 160 tekens.")),
        ],
    )
    label_en = StringField(
        _l("De vraag in het Engels"),
        filters=[one_line],
        validators=[Length(max=160, message=_l("Houd het bij 160 tekens."))],
    )
    kind = SelectField(
        _l("Hoe antwoorden mensen?"),
        choices=[SelectChoice(kind.value, label) for kind, label in ANSWER_KINDS.items()],
    )
    options = TextAreaField(_l("Keuzes"), filters=[lambda typed: clean_text(typed, lines=20)])
    is_required = BooleanField(_l("Iedereen moet antwoorden"))
    shown_if = SelectField(_l("Stel deze vraag alleen na deze andere vraag"))
    shown_if_value = StringField(_l("en bij dit antwoord"), filters=[one_line], validators=[Length(max=80)])
    keep_days = IntegerField(
        _l("Hoeveel dagen na de dag bewaren we het antwoord?"),
        default=30,
        validators=[InputRequired(_l("Vul een getal in.")), NumberRange(0, 90, _l("Hooguit 90 dagen."))],
    )

    def offer(self, questions: Sequence[CustomQuestion]) -> None:
        """Offer these questions as its condition."""
        self.shown_if.choices = [
            SelectChoice("", _l("Altijd vragen")),
            *(
                SelectChoice(str(each.id), each.label)
                for each in questions
                if each.kind is not AnswerKind.TEXT
            ),
        ]
        self._by_id = {str(each.id): each for each in questions}

    @property
    def depends_on(self) -> CustomQuestion | None:
        return self._by_id.get(self.shown_if.data or "")

    @property
    def choices(self) -> list[str]:
        lines = [shortened(one_line(line), 80) for line in (self.options.data or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def validate(self, extra_validators: Any = None) -> bool:
        is_good = super().validate(extra_validators)
        wants_choices = self.kind.data in (AnswerKind.CHOICE, AnswerKind.CHOICES)
        if wants_choices and len(self.choices) < LEAST_CHOICES:
            self.options.errors = [_("Zet op elke regel een keuze, minstens twee.")]
            return False
        other = self.depends_on
        if other is not None:
            possible = [YES, NO] if other.kind is AnswerKind.YES_NO else other.options
            if self.shown_if_value.data not in possible:
                self.shown_if_value.errors = [_("Kies uit: %(choices)s.", choices=", ".join(possible))]
                return False
        return bool(is_good)


class CodeForm(PageForm):
    """Number from a poster or a card. Spaces and dashes are ignored."""

    code = StringField(
        _l("Jouw nummer"),
        filters=[lambda typed: "".join(sign for sign in one_line(typed) if sign not in " -.\u00a0")],
        validators=[DataRequired(_l("Vul het nummer in."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "20"},
    )


def some_names(_form: Any, field: Any) -> None:
    for name in field.data.splitlines():
        if length(name) > NAME_MAX_CHARS:
            raise ValidationError(_("Houd elke naam bij %(most)d tekens.", most=NAME_MAX_CHARS))
        refused = names.objection(one_line(name))
        if refused is not None:
            raise ValidationError(f"{one_line(name)}: {refused}")


class OthersForm(PageForm):
    """Registration on behalf: a name on each line."""

    names = TextAreaField(
        _l("Wie meld je aan?"),
        filters=[lambda typed: clean_text(typed, lines=MOST_AT_ONCE)],
        validators=[DataRequired(_l("Vul een naam in. Een voornaam is genoeg.")), some_names],
    )
    participant_role = OfferedSelect(
        _l("Wie zijn zij op deze dag?"),
        of="participant_role",
        labels=PARTICIPANT_ROLES,
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

    hears = BooleanField(_l("Zij vinden het goed dat ik lees wat er met hun vragen gebeurt"))

    @property
    def people(self) -> list[str]:
        return [name for line in (self.names.data or "").splitlines() if (name := one_line(line))]


class NameForm(PageForm):
    """Name only."""

    name = StringField(
        _l("Naam"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul een naam in. Een voornaam is genoeg.")), a_name],
        render_kw={"autocomplete": "off", "maxlength": "100"},
    )
