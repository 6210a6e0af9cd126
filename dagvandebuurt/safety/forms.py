"""Input of alarms, shared by sockets and plain forms, and the form of the phone numbers."""

import re
from collections.abc import Mapping
from typing import Any, Self

from wtforms import FieldList, FormField, HiddenField, StringField
from wtforms import Form as Part
from wtforms.validators import Length, ValidationError

from dagvandebuurt.core.forms import Id, PageForm, text_of, with_numbers
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line
from dagvandebuurt.live.writes import LiveAct, Revision
from dagvandebuurt.qanda.forms import one_of
from dagvandebuurt.safety.numbers import Sentence

TEXT_MAX_CHARS = 500
MOST_NUMBERS = 6
NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{1,18}")


class AboutAlarm(LiveAct):
    """Input of a deed about an alarm. `seen`: its revision on screen."""

    alarm: Id
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))


class TellAsker(AboutAlarm):
    """Input of what the asker is told: a ready sentence, or words of one's own, which then count."""

    sentence: one_of(Sentence) | None = None  # type: ignore[valid-type]
    text: text_of(TEXT_MAX_CHARS, lines=10, least=0) = ""  # type: ignore[valid-type]


class ReadHelp(LiveAct):
    """Input of the asker who puts the phone numbers away."""

    alarm: Id


def _line(label: Any, most: int) -> StringField:
    return StringField(
        label,
        filters=[lambda typed: one_line(typed or "")],
        validators=[Length(max=most, message=_l("Dit is te lang."))],
    )


class NumberPart(Part):
    """One phone number; left empty it does not count."""

    name = _line(_l("Wie is dat?"), 60)
    number = _line(_l("Telefoonnummer"), 20)
    about = _line(_l("Wanneer bel je?"), 160)
    about_en = _line(_l("Hetzelfde in het Engels"), 160)

    @property
    def is_empty(self) -> bool:
        return not any((self.name.data, self.number.data, self.about.data, self.about_en.data))

    def validate_number(self, field: StringField) -> None:
        if not self.is_empty and not NUMBER.fullmatch(field.data or ""):
            raise ValidationError(_("Schrijf een telefoonnummer, zoals 0800-2000."))

    def validate_name(self, field: StringField) -> None:
        if not self.is_empty and not field.data:
            raise ValidationError(_("Schrijf wie er opneemt."))


class NumbersForm(PageForm):
    seen = HiddenField()
    numbers = FieldList(FormField(NumberPart), min_entries=MOST_NUMBERS, max_entries=MOST_NUMBERS)

    @property
    def filled(self) -> list[dict[str, str]]:
        """Return what was filled in, in order."""
        return [
            {name: part.form[name].data for name in ("name", "number", "about", "about_en")}
            for part in self.numbers
            if not part.form.is_empty
        ]
