"""Form fields over a list of which an organiser left entries out."""

from collections.abc import Iterator, Mapping
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from dagvandebuurt.parts.branding.words import code_of, is_hidden


class _Offered:
    """Field of a form that leaves out hidden entries, but for the one that was chosen before."""

    of: str
    data: Any

    def iter_choices(self) -> Iterator[Any]:
        for choice in super().iter_choices():  # type: ignore[misc]
            if choice.value == self.data or not is_hidden(self.of, choice.value):
                yield choice


def _choices(labels: Mapping[Any, Any], nothing: Any) -> list[SelectChoice]:
    first = [SelectChoice("", nothing)] if nothing is not None else []
    return [*first, *(SelectChoice(code_of(code), label) for code, label in labels.items())]


class OfferedSelect(_Offered, SelectField):
    """Select over one list. `nothing`: the label of no choice."""

    def __init__(
        self, label: Any, *, of: str, labels: Mapping[Any, Any], nothing: Any = None, **more: Any
    ) -> None:
        super().__init__(label, choices=_choices(labels, nothing), **more)
        self.of = of


class OfferedRadio(_Offered, RadioField):
    """Radio buttons over one list."""

    def __init__(self, label: Any, *, of: str, labels: Mapping[Any, Any], **more: Any) -> None:
        super().__init__(label, choices=_choices(labels, None), **more)
        self.of = of
