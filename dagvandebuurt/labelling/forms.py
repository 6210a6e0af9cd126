"""Input of labels."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field, model_validator

from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.forms import Act, Id, text_of, with_numbers
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.labelling.models import LABEL_MAX_CHARS, MOST_LABELS
from dagvandebuurt.live.writes import LiveAct, Revision
from dagvandebuurt.qanda.forms import MOST_AT_ONCE, Seen


class OneLabel(Act):
    """Label under an id made by the client; the id stays when the name changes."""

    id: Id
    name: text_of(LABEL_MAX_CHARS, lines=1)  # type: ignore[valid-type]


class ArrangeLabels(LiveAct):
    """Input of the labels of a session, all of them. `seen`: their revision on screen."""

    labels: Annotated[list[OneLabel], Field(max_length=MOST_LABELS)]
    seen: Revision | None = None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        return super().from_page(with_numbers(fields, "seen"))

    @model_validator(mode="after")
    def _each_is_another(self) -> Self:
        if len({each.name.casefold() for each in self.labels}) < len(self.labels):
            raise InvalidInput({"labels": [_("Twee labels heten hetzelfde. Geef ze elk een eigen naam.")]})
        if len({each.id for each in self.labels}) < len(self.labels):
            raise InvalidInput({"labels": [_("Dit klopt niet.")]})
        return self


class PutLabel(LiveAct):
    """Input of putting a label on one or more questions; `on` false takes it off. `seen` of each: the revision of its
    labels on screen.
    """

    label: Id
    on: bool
    questions: Annotated[list[Seen], Field(min_length=1, max_length=MOST_AT_ONCE)]
