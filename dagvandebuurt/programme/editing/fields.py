"""Form fields of the desk: texts, checkboxes, ordered people, and local date and time (Europe/Amsterdam)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar, Self

from pydantic import ValidationError as PydanticError
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from dagvandebuurt.core.clock import local, moments_at
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, one_line
from dagvandebuurt.programme.editing.labels import FIELDS
from dagvandebuurt.programme.editing.load import laid_over
from dagvandebuurt.programme.editing.snapshot import SHAPES, Plan, Planned, RecordKind
from dagvandebuurt.programme.errors import EndsBeforeItBegins

LINES = 200
YEARS = range(2000, 2101)
FIRST, SECOND = "1", "2"


def _at_most(most: int) -> Length:
    return Length(max=most, message=_l("Houd het bij %(max)d tekens."))


def line(label: Any, most: int, *more: Any, needed: Any = None) -> Any:
    """Make a text field; `needed` is the error when it is empty."""
    first = DataRequired(needed) if needed else Optional()
    return StringField(label, filters=[one_line], validators=[first, _at_most(most), *more])


def text(label: Any, most: int) -> Any:
    return TextAreaField(
        label, filters=[lambda typed: clean_text(typed, lines=LINES)], validators=[Optional(), _at_most(most)]
    )


class Ticks(SelectMultipleField):
    """Multiple choice by checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class People(SelectMultipleField):
    """Ordered choice of people: a row of select boxes under one name."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value for value in dict.fromkeys(valuelist) if value])

    def rows(self, spare: int) -> list[str]:
        """Return the chosen ones, and `spare` empty boxes."""
        return [*(self.data or []), *[""] * spare]


def day_field(label: Any, *, needed: bool = True) -> Any:
    first = DataRequired(_l("Vul een dag in.")) if needed else Optional()
    return DateField(label, validators=[first, _sane_year])


def hour_field(label: Any, *, needed: bool = True) -> Any:
    return TimeField(label, validators=[_HourNeeded() if needed else Optional()])


def which_field() -> Any:
    """Make the field that resolves an ambiguous local time, shown only in the night when an hour repeats."""
    return RadioField(
        _l("Welke keer?"),
        choices=[
            SelectChoice(FIRST, _l("De eerste keer, nog zomertijd")),
            SelectChoice(SECOND, _l("De tweede keer, al wintertijd")),
        ],
        validate_choice=False,
        validators=[Optional()],
    )


class _HourNeeded:
    """Validator of a required time. Midnight is falsy, so it looks at the typed text."""

    field_flags = {"required": True}

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(_("Vul een tijd in."))


def _sane_year(_form: Any, field: Any) -> None:
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(_("Kies een dag tussen 2000 en 2100."))


def said_of(moment: datetime) -> tuple[date, time, str]:
    """Split a moment into form values: date, time, and the first or second of a repeated hour."""
    here = local(moment)
    hour = here.time().replace(second=0, microsecond=0, fold=0)
    among = moments_at(here.date(), hour)
    return here.date(), hour, SECOND if len(among) > 1 and here.fold else FIRST if len(among) > 1 else ""


def moment_said(day: date, hour: Any, which: Any) -> datetime | None:
    """Return the typed moment in UTC. None, with an error at the field, when it does not exist or is
    ambiguous.
    """
    among: list[datetime] = moments_at(day, hour.data)
    if not among:
        _wrong(hour, _("Deze tijd bestaat die nacht niet: de klok gaat een uur vooruit."))
        return None
    if len(among) == 1:
        return among[0]
    if which.data not in (FIRST, SECOND):
        _wrong(which, _("Deze tijd komt die nacht twee keer voor. Kies welke je bedoelt."))
        return None
    return among[1 if which.data == SECOND else 0]


def comes_twice(day: Any, hour: Any) -> bool:
    """Tell whether this local time is ambiguous, so that the page must ask which one."""
    is_whole = isinstance(day, date) and isinstance(hour, time) and day.year in YEARS
    return is_whole and len(moments_at(day, hour)) > 1


def _wrong(field: Any, sentence: str) -> None:
    field.errors = [*field.errors, sentence]


def options(
    found: Iterable[Any], *, value: Callable[[Any], str], label: Callable[[Any], Any]
) -> list[SelectChoice]:
    return [SelectChoice(value(each), label(each)) for each in found]


class ThingForm(PageForm):
    """Base form of all kinds. `moments`: name of a moment in a snapshot → the fields of its date and time."""

    of: ClassVar[RecordKind]
    moments: ClassVar[Mapping[str, tuple[str, str]]] = {}
    shown = HiddenField()  # fingerprints of the values the page showed; see `merge`

    @classmethod
    def showing(cls, thing: Planned | None, plan: Plan, **given: Any) -> Self:
        """Return a form with the current values, or with defaults."""
        form = cls(formdata=None, data={**(cls._said(thing.values()) if thing is not None else {}), **given})
        form.offer(plan, thing)
        return form

    @classmethod
    def typed(cls, thing: Planned | None, plan: Plan) -> Self:
        """Return a form with the submitted values."""
        form = cls()
        form.offer(plan, thing)
        return form

    @classmethod
    def _said(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {name: value if value is not None else "" for name, value in values.items()}
        for name, (day, hour) in cls.moments.items():
            said[day], said[hour], said[f"{hour}_which"] = said_of(datetime.fromisoformat(values[name]))
        if said.get("last_day") == said.get("day"):
            said["last_day"] = None
        return said

    def offer(self, plan: Plan, thing: Planned | None) -> None:
        """Fill the choices, in the reader's language; the current value is always among them."""

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        self._told = {name: self._moment(day, hour) for name, (day, hour) in self.moments.items()}
        return good and self._comes_in_order() and not self.errors

    def _moment(self, day_name: str, hour_name: str) -> datetime | None:
        day, hour = self[day_name], self[hour_name]
        date = day.data if day.data is not None else self["day"].data
        if date is None or hour.data is None or day.errors or hour.errors or self["day"].errors:
            return None
        return moment_said(date, hour, self[f"{hour_name}_which"])

    def _comes_in_order(self) -> bool:
        return True

    def _ends_after_it_begins(self, starts: str, ends: str) -> bool:
        begin, end = self._told.get(starts), self._told.get(ends)
        if begin is not None and end is not None and end <= begin:
            field = self[self.moments[ends][1]]
            field.errors = [*field.errors, str(EndsBeforeItBegins.message)]
            return False
        return True

    def asks_which(self, hour_name: str) -> bool:
        """Tell whether this time is ambiguous in that night."""
        if f"{hour_name}_which" not in self:
            return False
        days = {hour: day for day, hour in self.moments.values()}
        return comes_twice(self[days[hour_name]].data or self["day"].data, self[hour_name].data)

    def asks_last_day(self, plan: Plan) -> bool:
        """Tell whether the end date is a field: when the whole edition has several days."""
        own, day = self["last_day"], plan.edition
        return bool(own.errors or own.data) or local(day.starts_at).date() != local(day.ends_at).date()

    def values(self) -> dict[str, Any]:
        """Return the values as in the JSON of a snapshot. After `validate` only."""
        shape = SHAPES[self.of].model_fields
        found = {field.name: field.data for field in self if field.name in shape}
        for name, value in found.items():
            if value == "" and shape[name].default is None:
                found[name] = None
        told = {name: moment for name, moment in self._told.items() if moment is not None}
        return found | {name: moment.isoformat() for name, moment in told.items()}

    def as_far_as_typed(self, thing: Planned | None, unnamed: str) -> Planned | None:
        """Return the thing with the valid fields of this page, called `unnamed` without a name; None when
        that is invalid.
        """
        wrong = {name for name in self.errors if name is not None}
        names = SHAPES[self.of].model_fields.keys() & {"title", "name", "label", "code", "slug"}
        values = dict.fromkeys(names, unnamed) if thing is None else {}
        values |= {name: value for name, value in self.values().items() if name not in wrong}
        try:
            return laid_over(self.of, thing, values)
        except PydanticError:
            return None

    def made_along(self) -> list[tuple[RecordKind, str, dict[str, Any]]]:
        """Return new things to create with this one: kind, the field that refers to it, and its values."""
        return []

    def refuse(self, fields: Mapping[str, list[str]]) -> None:
        """Show these errors, named as in a snapshot, at the fields of this page."""
        for name, sentences in fields.items():
            there = self.moments[name][1] if name in self.moments else name
            if there in self:
                self[there].errors = [*self[there].errors, *sentences]
            else:
                self.form_errors += [f"{FIELDS.get(name, name)}: {sentence}" for sentence in sentences]
