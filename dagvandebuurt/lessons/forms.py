"""Forms of comments and of the lesson editor."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
    widgets,
)
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Optional

from dagvandebuurt.core import clock
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.markdown import MOST_CHARS
from dagvandebuurt.core.text import clean_text, length, one_line
from dagvandebuurt.lessons.content import POINTS, QUOTES
from dagvandebuurt.lessons.sources import SourceChoice, not_signed_up

COMMENT_MAX_CHARS = 2_000
# Usage rights of a picture in plain words. Empty: still to be filled in.
LICENCES = ("", "CC BY 4.0", "CC BY-SA 4.0", "CC0", "Met toestemming van de maker", "Eigen werk")


def at_most(most: int) -> Any:
    """Return a validator of length, counted in characters as people see them (graphemes)."""

    def check(_form: Any, field: Any) -> None:
        if length(field.data or "") > most:
            raise ValidationError(_("Houd het bij %(most)d tekens.", most=most))

    return check


def _lines(most: int) -> list[Any]:
    return [lambda text: clean_text(text, lines=most)]


def _line(label: Any, most: int, *checks: Any) -> StringField:
    return StringField(label, filters=[one_line], validators=[*checks, at_most(most)])


_WRITE_FIRST = DataRequired(_l("Schrijf hier eerst iets op."))


class CommentForm(PageForm):
    text = TextAreaField(
        _l("Jouw reactie"), filters=_lines(30), validators=[_WRITE_FIRST, at_most(COMMENT_MAX_CHARS)]
    )
    accept_rules = BooleanField(_l("Ik houd me aan de spelregels"))


class ErratumForm(PageForm):
    text = TextAreaField(
        _l("Wat klopt er niet?"), filters=_lines(12), validators=[_WRITE_FIRST, at_most(1000)]
    )


class AnswerForm(PageForm):
    answer = TextAreaField(
        _l("Wat deed je ermee?"), filters=_lines(12), validators=[_WRITE_FIRST, at_most(1000)]
    )


class NewLessonForm(PageForm):
    title = _line(_l("Titel van de nieuwe les"), 160, _WRITE_FIRST)


class StepForm(PageForm):
    """Form of a workflow action: `deed` says which; most actions take no note."""

    deed = HiddenField()
    revision = HiddenField()
    note = TextAreaField(_l("Wat moet er anders?"), filters=_lines(20), validators=[at_most(2000)])


class ScheduleForm(PageForm):
    """Form of scheduled publication: a local time, or the start of a session."""

    session = SelectField(_l("Als deze sessie begint"), default="")
    day = DateField(_l("Of op deze dag"), validators=[Optional()])
    time = TimeField(_l("Om"), validators=[Optional()])

    @property
    def moment(self) -> datetime | None:
        if self.day.data is None or self.time.data is None:
            return None
        return datetime.combine(self.day.data, self.time.data, tzinfo=clock.AMSTERDAM)


class _Boxes(SelectMultipleField):
    """Multiple choice by checkboxes, which need no modifier key."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def data_given(self) -> list[str]:
        """Return what was sent, before validation of the choices."""
        return [str(value) for value in self.data or ()]


class QuoteForm(PlainForm):
    text = TextAreaField(_l("Wat zei deze persoon?"), filters=_lines(6), validators=[at_most(600)])
    speaker_id = SelectField(_l("Wie zei dit?"), default="")
    agreed = BooleanField(_l("Deze persoon vindt het goed dat dit hier staat"))

    def validate_speaker_id(self, field: Any) -> None:
        if self.text.data and not field.data:
            raise ValidationError(_("Kies wie dit zei."))


class LessonForm(PageForm):
    """Form of a lesson. `revision` is the one that was opened for editing."""

    revision = HiddenField()
    title = _line(_l("Titel"), 160, _WRITE_FIRST)
    lead = TextAreaField(_l("Inleiding"), filters=_lines(6), validators=[at_most(600)])
    point_1 = _line(_l("In het kort: punt 1"), 160)
    point_2 = _line(_l("In het kort: punt 2"), 160)
    point_3 = _line(_l("In het kort: punt 3"), 160)
    body = TextAreaField(_l("De les"), filters=_lines(2000), validators=[at_most(MOST_CHARS)])
    quote_1 = FormField(QuoteForm)
    quote_2 = FormField(QuoteForm)
    quote_3 = FormField(QuoteForm)
    author_id = SelectField(_l("Geschreven door"), default="")
    interviewed_id = SelectField(_l("In gesprek met"), default="")
    publisher_id = SelectField(_l("Uitgegeven door"), default="")
    themes = _Boxes(_l("Thema's"))
    sources = _Boxes(_l("Gebaseerd op"))
    what = _line(_l("Wat verander je?"), 300)

    @property
    def points(self) -> list[Any]:
        return [getattr(self, f"point_{place}") for place in range(1, POINTS + 1)]

    @property
    def quotes(self) -> list[Any]:
        return [getattr(self, f"quote_{place}") for place in range(1, QUOTES + 1)]

    def offer(self, choices: Any, sources: Sequence[SourceChoice]) -> None:
        """Fill the choices."""
        nobody = [("", "–")]
        speakers = nobody + [(str(each.id), f"{each.name}, {each.function}") for each in choices.speakers]
        bodies = nobody + [(str(each.id), each.name) for each in choices.organisations]
        self.author_id.choices = self.interviewed_id.choices = speakers
        self.publisher_id.choices = bodies
        self.themes.choices = [(str(each.id), each.label) for each in choices.themes]
        self.sources.choices = [(each.key, each.label) for each in sources]
        for quote in self.quotes:
            quote.form.speaker_id.choices = speakers

    def content(self, there: Mapping[str, Any]) -> dict[str, Any]:
        """Return the typed content. Fields without an input here are taken from `there`: the picture, which
        has a form of its own, and sources of unknown kinds.
        """
        quotes = [quote.form for quote in self.quotes if quote.form.text.data]
        return {
            "title": self.title.data,
            "lead": self.lead.data or "",
            "in_short": [field.data for field in self.points if field.data],
            **{name: there[name] for name in ("photo", "photo_alt", "photo_credit", "photo_licence")},
            "author_id": self.author_id.data or None,
            "interviewed_id": self.interviewed_id.data or None,
            "publisher_id": self.publisher_id.data or None,
            "body": self.body.data or "",
            "themes": list(self.themes.data or ()),
            "quotes": [
                {
                    "text": quote.text.data,
                    "speaker_id": quote.speaker_id.data,
                    "agreed": bool(quote.agreed.data),
                }
                for quote in quotes
                if quote.speaker_id.data
            ],
            "sources": [*(self.sources.data or ()), *not_signed_up(there["sources"])],
        }


def typed_as(content: Mapping[str, Any], revision: int) -> dict[str, Any]:
    """Return form values from content, for the opened editor."""
    points = [*content["in_short"], *[""] * POINTS]
    nothing = {"text": "", "speaker_id": "", "agreed": False}
    quotes = [*content["quotes"], *[nothing] * QUOTES]
    return {
        **{name: content[name] for name in ("title", "lead", "body", "themes", "sources")},
        **{name: content[name] or "" for name in ("author_id", "interviewed_id", "publisher_id")},
        **{f"point_{place + 1}": points[place] for place in range(POINTS)},
        **{f"quote_{place + 1}": quotes[place] for place in range(QUOTES)},
        "revision": str(revision),
    }


class PhotoForm(PageForm):
    """Form of the picture's details. The file itself is read by its route."""

    revision = HiddenField()
    alt = _line(_l("Wat is erop te zien?"), 300, _WRITE_FIRST)
    credit = _line(_l("Wie maakte de foto?"), 200, _WRITE_FIRST)
    licence = SelectField(
        _l("Onder welke licentie?"), choices=[SelectChoice(each, each or "–") for each in LICENCES],
        validators=[DataRequired(_l("Kies de licentie."))],
    )  # fmt: skip
