"""Form of a place."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import length, one_line
from dagvandebuurt.programme.models import Place
from dagvandebuurt.programme.places.place_table import NAME_MAX_CHARS, PlaceRow


class PlaceForm(PageForm):
    name = StringField(
        _l("Naam"), filters=[one_line], validators=[DataRequired(_l("Schrijf hier eerst iets op."))]
    )
    municipality = SelectField(_l("In welke gemeente?"), default="")

    def offer(self, municipalities: Iterable[Place]) -> None:
        self.municipality.choices = [
            SelectChoice("", _l("Het is zelf een gemeente")),
            *(SelectChoice(place.name, place.name) for place in municipalities),
        ]

    def validate_name(self, field: Any) -> None:
        if length(field.data or "") > NAME_MAX_CHARS:
            raise ValidationError(_("Houd het bij %(most)d tekens.", most=NAME_MAX_CHARS))

    @property
    def row(self) -> PlaceRow:
        return PlaceRow(self.name.data or "", self.municipality.data or "")
