"""Forms of a mailing: the text with who gets it, when it goes, and the rules of the organisation."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, one_line
from dagvandebuurt.core.timezone import moments_at
from dagvandebuurt.mailings.fields import mistake_in
from dagvandebuurt.mailings.filters import Audience, Presence, Who, questions_to_filter_by
from dagvandebuurt.mailings.labels import PRESENCES, WHO
from dagvandebuurt.mailings.models import SUBJECT_MAX_CHARS, TEXT_MAX_CHARS, Mailing
from dagvandebuurt.mailings.queries import sessions_to_choose
from dagvandebuurt.mailings.rules import Draft
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.people.labels import PARTICIPANT_ROLES

LINES = 120
NOW, LATER = "now", "later"


def _fields_are_known(_form: Any, field: Any) -> None:
    mistake = mistake_in(field.data or "")
    if mistake:
        raise ValidationError(mistake)


def _line(label: Any, *validators: Any) -> StringField:
    return StringField(
        label,
        filters=[lambda typed: one_line(typed or "")],
        validators=[*validators, Length(max=SUBJECT_MAX_CHARS), _fields_are_known],
    )


def _text(label: Any, *validators: Any) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[lambda typed: clean_text(typed, lines=LINES)],
        validators=[*validators, Length(max=TEXT_MAX_CHARS), _fields_are_known],
    )


def _several(label: Any) -> SelectMultipleField:
    return SelectMultipleField(label, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


class MailingForm(PageForm):
    seen = HiddenField(default="0")
    subject = _line(_l("Onderwerp"), DataRequired(_l("Schrijf een onderwerp.")))
    text = _text(_l("Tekst"), DataRequired(_l("Schrijf eerst wat je wilt zeggen.")))
    subject_en = _line(_l("Onderwerp in het Engels"))
    text_en = _text(_l("Tekst in het Engels"))
    who = RadioField(
        _l("Wie krijgt het?"), choices=[SelectChoice(*each) for each in WHO.items()], default=Who.EVERYBODY
    )
    sessions = _several(_l("Sessies"))
    presence = SelectField(
        _l("Was iemand er?"), choices=[SelectChoice(*each) for each in PRESENCES.items()], default=""
    )
    roles = _several(_l("Alleen deze rollen"))
    language = SelectField(
        _l("Alleen wie deze taal leest"),
        choices=[
            SelectChoice("", _l("Maakt niet uit")), SelectChoice("nl", "Nederlands"), SelectChoice("en", "English"),
        ],
        default="",
    )  # fmt: skip
    place = StringField(
        _l("Alleen uit deze buurt of plaats"),
        filters=[lambda typed: one_line(typed or "")],
        validators=[Length(max=80)],
    )
    answered = SelectField(_l("Alleen wie dit antwoordde bij het aanmelden"), default="")

    def offer(self, edition_id: UUID) -> "MailingForm":
        """Fill in what an edition has to choose from."""
        self.sessions.choices = [(str(each.id), each.title) for each in sessions_to_choose(edition_id)]
        self.roles.choices = [
            (role.value, label)
            for role, label in offered("participant_role", PARTICIPANT_ROLES, self.roles.data or ()).items()
        ]
        self.answered.choices = [SelectChoice("", _l("Maakt niet uit"))] + [
            SelectChoice(f"{question.id}:{answer}", f"{question.label}: {answer}")
            for question, answers in questions_to_filter_by(edition_id)
            for answer in answers
        ]
        return self

    def validate_sessions(self, field: Any) -> None:
        if self.who.data in (Who.CHOSE, Who.WAITS) and not field.data:
            raise ValidationError(_("Kies ten minste een sessie."))

    def validate_text_en(self, field: Any) -> None:
        if bool(field.data) != bool(self.subject_en.data):
            raise ValidationError(
                _("Schrijf het onderwerp en de tekst allebei in het Engels, of geen van beide.")
            )

    @property
    def audience(self) -> Audience:
        question, _colon, answer = (self.answered.data or "").partition(":")
        who = Who(self.who.data)
        return Audience(
            who=who,
            sessions=tuple(self.sessions.data or ()) if who in (Who.CHOSE, Who.WAITS) else (),
            presence=Presence(self.presence.data or ""),
            roles=tuple(self.roles.data or ()),
            language=self.language.data or "",
            place=self.place.data or "",
            question=question,
            answer=answer,
        )

    @property
    def draft(self) -> Draft:
        return Draft(
            self.subject.data or "", self.text.data or "", self.subject_en.data or "", self.text_en.data or "",
            self.audience,
        )  # fmt: skip

    @property
    def revision(self) -> int:
        return revision_in(self.seen.data)


def values_of(mailing: Mailing) -> dict[str, Any]:
    """Return the form values of a mailing."""
    audience = Audience.of(mailing.audience)
    return {
        "seen": str(mailing.revision),
        "subject": mailing.subject,
        "text": mailing.text,
        "subject_en": mailing.subject_en,
        "text_en": mailing.text_en,
        "who": audience.who.value,
        "sessions": list(audience.sessions),
        "presence": audience.presence.value,
        "roles": list(audience.roles),
        "language": audience.language,
        "place": audience.place,
        "answered": f"{audience.question}:{audience.answer}" if audience.question else "",
    }


class SendForm(PageForm):
    seen = HiddenField(default="0")
    when = RadioField(
        _l("Wanneer gaat het weg?"),
        choices=[SelectChoice(NOW, _l("Nu meteen")), SelectChoice(LATER, _l("Op dit moment:"))],
        default=NOW,
    )
    day = DateField(_l("Dag"), validators=[Optional()])
    hour = TimeField(_l("Tijd"), validators=[Optional()])
    due_at: datetime | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the moment too. In the hour that October repeats the second is meant: never too early."""
        if not super().validate(extra_validators):
            return False
        if self.when.data == NOW:
            return True
        if self.day.data is None or self.hour.data is None:
            self.day.errors = [_("Kies een dag en een tijd.")]
            return False
        if not 2000 <= self.day.data.year <= 2100:
            self.day.errors = [_("Kies een dag tussen 2000 en 2100.")]
            return False
        found = moments_at(self.day.data, self.hour.data)
        if not found:
            self.hour.errors = [_("Deze tijd bestaat die nacht niet: de klok gaat een uur vooruit.")]
            return False
        self.due_at = found[-1]
        return True

    @property
    def revision(self) -> int:
        return revision_in(self.seen.data)


class RulesForm(PageForm):
    second_pair_above = IntegerField(
        _l("Boven hoeveel mensen kijkt een tweede organisator mee?"),
        validators=[
            InputRequired(_l("Vul een getal in.")),
            NumberRange(min=0, max=1_000_000, message=_l("Kies een getal van 0 tot 1.000.000.")),
        ],
    )


def revision_in(typed: str | None) -> int:
    """Return the revision that was on screen; one that never was for anything else than a number."""
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
