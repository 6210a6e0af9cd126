"""Form field of a place: a select over a short list; a text field, matched by the server, over a long one."""

from collections.abc import Sequence
from typing import Any, Protocol

from flask import render_template
from markupsafe import Markup
from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.widgets import Select

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import one_line
from dagvandebuurt.parts.places.names import KEY_MAX_CHARS

EVERYWHERE = _l("Overal")
MOST_SUGGESTED = 20


class Offered(Protocol):
    """What the field asks of a list of places: the few to choose from, or the matches of a text."""

    @property
    def is_long(self) -> bool: ...

    @property
    def options(self) -> Sequence[tuple[Any, str]]: ...

    def matching(self, text: str, most: int) -> Sequence[Any]: ...

    def by_id(self, said: str) -> Any: ...


class _PlaceWidget:
    """A select, or an input with a list of suggestions and the places that could be meant."""

    validation_attrs = ("required", "disabled")

    def __call__(self, field: "PlaceField", **attributes: Any) -> Markup:
        if not field.is_long:
            return Select()(field, **attributes)
        id = attributes.setdefault("id", field.id)
        attributes["class"] = attributes.pop("class_", "field__input")
        told = [attributes.pop("aria-describedby", ""), f"{id}-typ"]
        attributes |= {"aria-describedby": " ".join(filter(None, told)), "list": f"{id}-lijst"}
        attributes |= {"name": field.name, "value": field.shown, "maxlength": KEY_MAX_CHARS}
        page = render_template("macros/_place_field.html", field=field, id=id, attributes=attributes)
        return Markup(page)  # noqa: S704 - the template escapes


class PlaceField(SelectField):
    """Choice of one place or none; its data is the id. `nothing` names the choice of none.

    In a long list, what is typed is matched as a name, then as the beginning of one. Several matches come
    back as radio buttons under the typed text.
    """

    widget = _PlaceWidget()

    def __init__(self, label: Any, *, nothing: Any = EVERYWHERE, **more: Any) -> None:
        super().__init__(label, **more)
        self.nothing = nothing
        self.offered: Any = None
        self.is_long = False
        self.typed = self.picked = ""
        self.meant: Sequence[Any] = []  # several that could be meant

    def offer(self, choices: Offered) -> None:
        self.offered, self.is_long = choices, choices.is_long
        self.choices = [
            SelectChoice("", self.nothing),
            *(SelectChoice(str(place.id), name) for place, name in choices.options),
        ]

    def process(self, formdata: Any, *given: Any, **more: Any) -> None:
        super().process(formdata, *given, **more)
        self.picked = (formdata.get(self.picked_name) or "") if formdata else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = one_line(valuelist[0])[:KEY_MAX_CHARS] if valuelist else ""
        super().process_formdata(valuelist)

    def pre_validate(self, form: Any) -> None:
        if not self.is_long:
            super().pre_validate(form)
            return
        self.data, self.meant = "", []
        place = self._place() if self.typed else None
        self.data = str(place.id) if place else ""

    def _place(self) -> Any:
        known = self.offered.by_id(self.typed)  # from a select, in a page of before the list grew
        found = [known] if known else self.offered.matching(self.typed, MOST_SUGGESTED + 1)
        picked = next((place for place in found if str(place.id) == self.picked), None)
        if picked or len(found) == 1:
            return picked or found[0]
        if not found:
            raise ValidationError(
                _("Deze plaats staat niet in de lijst. Schrijf de naam anders, of laat dit leeg.")
            )
        self.meant = found[:MOST_SUGGESTED]
        if len(found) > MOST_SUGGESTED:
            raise ValidationError(
                _("Er zijn veel plaatsen die zo heten. Zet de gemeente erachter, met een komma.")
            )
        raise ValidationError(_("Er zijn meer plaatsen die zo heten. Kies hieronder de goede."))

    @property
    def picked_name(self) -> str:
        return f"{self.name}-keuze"

    @property
    def shown(self) -> str:
        """Return the text of the input: as typed, or the full name of the place that was found."""
        if self.errors or not self.data:
            return self.typed
        place = self.offered.by_id(str(self.data))
        return place.full_name if place else self.typed
