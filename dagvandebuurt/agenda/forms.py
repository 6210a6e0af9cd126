"""Forms of action points."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import (
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from dagvandebuurt.agenda.labels import DECISIONS
from dagvandebuurt.agenda.models import Decision, FollowUp, Origin
from dagvandebuurt.agenda.rules import Words
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, one_line
from dagvandebuurt.parts.places.fields import PlaceField
from dagvandebuurt.programme.models import Organisation, Theme
from dagvandebuurt.programme.places.queries import PlaceChoices
from dagvandebuurt.qanda.forms import HideReason
from dagvandebuurt.qanda.labels import COMPLAINTS

TITLE_MAX_CHARS, BODY_MAX_CHARS, NOTE_MAX_CHARS, ANSWER_MAX_CHARS = 160, 2_000, 500, 4_000
HEARD_MAX_CHARS = 12_000


def _text(lines: int) -> Any:
    return [lambda text: clean_text(text, lines=lines)]


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("Houd het bij %(max)d tekens."))


def note_field(label: Any, **more: Any) -> TextAreaField:
    return TextAreaField(label, filters=_text(12), validators=[_at_most(NOTE_MAX_CHARS)], **more)


class PointForm(PageForm):
    """Fields of a point: what is asked, of which organisation, and about which place."""

    title = StringField(
        _l("Wat moet er gebeuren? In één zin"),
        filters=[one_line],
        validators=[DataRequired(_l("Schrijf in één zin wat er moet gebeuren.")), _at_most(TITLE_MAX_CHARS)],
    )
    body = TextAreaField(
        _l("Waarom? Wat zie je nu?"),
        filters=_text(20),
        validators=[DataRequired(_l("Schrijf op waarom dit nodig is.")), _at_most(BODY_MAX_CHARS)],
    )
    organisation = SelectField(_l("Wie kan hier iets aan doen?"))
    place = PlaceField(_l("Over welke buurt of plaats gaat het?"), nothing=_l("Niet over één plaats"))
    theme = SelectField(_l("Thema"))

    def offer(
        self, organisations: Iterable[Organisation], places: PlaceChoices, themes: Iterable[Theme]
    ) -> None:
        self.organisation.choices = [
            SelectChoice("", _l("Dat weet ik niet")),
            *(SelectChoice(str(each.id), each.name) for each in organisations),
        ]
        self.place.offer(places)
        self.theme.choices = [
            SelectChoice("", _l("Geen keuze")),
            *(SelectChoice(str(each.id), each.label) for each in themes),
        ]

    @property
    def words(self) -> Words:
        return Words(
            title=self.title.data or "",
            body=self.body.data or "",
            organisation_id=_id(self.organisation.data),
            place_id=_id(self.place.data),
            theme_id=_id(self.theme.data),
        )


class ProposeForm(PointForm):
    """Form of a proposal, by its first hand or by somebody who sees the problem often."""

    origin = RadioField(
        _l("Wat wil je inbrengen?"),
        choices=[
            SelectChoice(Origin.DIRECT.value, _l("Iets wat er moet gebeuren")),
            SelectChoice(Origin.SIGNAL.value, _l("Een signaal: iets dat ik vaker zie gebeuren")),
        ],
        default=Origin.DIRECT.value,
        validators=[DataRequired(_l("Kies wat je wilt inbrengen."))],
    )
    seen_count = IntegerField(
        _l("Bij een signaal: hoe vaak ongeveer, dit jaar?"),
        validators=[Optional(), NumberRange(2, 10_000, _l("Kies een getal van 2 of meer."))],
        render_kw={"inputmode": "numeric"},
    )


class FromQuestionForm(PointForm):
    """Form to make a point of a question, or to add the question to an existing point."""

    existing = IntegerField(
        _l("Is er al een actiepunt hierover? Vul het nummer in"),
        validators=[Optional()],
        render_kw={"inputmode": "numeric"},
    )


class CurateForm(PointForm):
    """The same fields, for the editors."""

    contact_function = StringField(
        _l("Welk team of welke functie? Geen naam"), filters=[one_line], validators=[_at_most(120)]
    )
    partners = SelectMultipleField(
        _l("Wie antwoorden er mee?"),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    note = note_field(_l("Wat veranderde je? Iedereen kan dit later lezen"))

    def offer(
        self, organisations: Iterable[Organisation], places: PlaceChoices, themes: Iterable[Theme]
    ) -> None:
        organisations = list(organisations)
        super().offer(organisations, places, themes)
        self.partners.choices = [SelectChoice(str(each.id), each.name) for each in organisations]

    def fill(self, point: FollowUp) -> None:
        """Fill in the current values."""
        self.title.data, self.body.data = point.title, point.body
        self.contact_function.data = point.contact_function
        self.organisation.data = str(point.organisation_id or "")
        self.place.data, self.theme.data = str(point.place_id or ""), str(point.theme_id or "")
        self.partners.data = [str(each.id) for each in point.partners]

    @property
    def words(self) -> Words:
        told = super().words
        return Words(
            **{
                **vars(told),
                "contact_function": self.contact_function.data or None,
                "partner_ids": frozenset(UUID(each) for each in self.partners.data or ()),
            }
        )


class NoteForm(PageForm):
    """Form of a short note; the command decides whether it is required."""

    note = note_field(_l("Wil je er iets bij zeggen?"))


class DeclineForm(PageForm):
    reason = RadioField(
        _l("Waarom wordt het niet verstuurd?"),
        choices=[SelectChoice(reason.value, COMPLAINTS[reason]) for reason in HideReason],
        validators=[DataRequired(_l("Kies een reden."))],
    )
    note = note_field(_l("Leg het uit. Wie het voorstelde, leest dit"), id="uitleg")


class MergeForm(PageForm):
    into = IntegerField(
        _l("In welk actiepunt? Vul het nummer in"),
        validators=[DataRequired(_l("Vul een nummer in."))],
        render_kw={"inputmode": "numeric"},
    )


class ReaddressForm(PageForm):
    organisation = SelectField(_l("Aan wie vragen we het nu?"))
    contact_function = StringField(
        _l("Welk team of welke functie? Geen naam"), filters=[one_line], validators=[_at_most(120)]
    )

    def offer(self, organisations: Iterable[Organisation]) -> None:
        self.organisation.choices = [SelectChoice(str(each.id), each.name) for each in organisations]


class AcknowledgeForm(NoteForm):
    function = StringField(
        _l("Welk team of welke functie pakt het op? Geen naam"),
        filters=[one_line],
        validators=[_at_most(120)],
    )


class AnswerForm(PageForm):
    decision = RadioField(
        _l("Wat gaan jullie doen?"),
        choices=[SelectChoice(decision.value, word) for decision, word in DECISIONS.items()],
        validators=[DataRequired(_l("Kies wat jullie gaan doen."))],
    )
    text = TextAreaField(
        _l("Het antwoord, in gewone woorden"),
        filters=_text(40),
        validators=[DataRequired(_l("Schrijf het antwoord op.")), _at_most(ANSWER_MAX_CHARS)],
    )
    due_on = DateField(_l("Wanneer weten jullie meer, of is het klaar?"), validators=[Optional()])

    @property
    def its(self) -> dict[str, Any]:
        return {"decision": Decision(self.decision.data), "text": self.text.data, "due_on": self.due_on.data}


class JoinForm(PageForm):
    offer = TextAreaField(_l("Wat kun je doen?"), filters=_text(6), validators=[_at_most(300)])


class HeardForm(PageForm):
    text = TextAreaField(
        _l("Wat we hoorden"),
        filters=_text(300),
        validators=[DataRequired(_l("Schrijf op wat jullie hoorden.")), _at_most(HEARD_MAX_CHARS)],
    )
    version = IntegerField(default=0, widget=widgets.HiddenInput())


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None
