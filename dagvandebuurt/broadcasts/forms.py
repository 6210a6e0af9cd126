"""Form of a broadcast."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from dagvandebuurt.broadcasts.models import TEXT_MAX_CHARS
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line

EVERYBODY, ROOMS = "everybody", "rooms"
LASTS = {
    "10": _l("10 minuten"),
    "30": _l("een half uur"),
    "60": _l("een uur"),
    "240": _l("4 uur"),
    "1440": _l("een dag"),
}


def _sentence(label: Any, *validators: Any) -> StringField:
    return StringField(
        label,
        filters=[lambda typed: one_line(typed or "")],
        validators=[*validators, Length(max=TEXT_MAX_CHARS)],
    )


class BroadcastForm(PageForm):
    text = _sentence(
        _l("Wat moet iedereen weten?"), DataRequired(_l("Schrijf eerst wat iedereen moet weten."))
    )
    text_en = _sentence(_l("Hetzelfde in het Engels"))
    where = RadioField(
        _l("Wie moet het lezen?"),
        choices=[
            SelectChoice(EVERYBODY, _l("Iedereen: op elke pagina en in elke sessie")),
            SelectChoice(ROOMS, _l("Alleen in deze sessies:")),
        ],
        default=EVERYBODY,
    )
    sessions = SelectMultipleField(
        _l("Sessies"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    lasts = SelectField(
        _l("Hoe lang staat het er?"), choices=[SelectChoice(*each) for each in LASTS.items()], default="30"
    )

    @property
    def only_in(self) -> set[UUID] | None:
        return None if self.where.data == EVERYBODY else {UUID(each) for each in self.sessions.data or ()}

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=int(self.lasts.data))
