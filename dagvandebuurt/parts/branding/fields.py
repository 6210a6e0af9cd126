"""Form fields over a list of which an organiser left entries out."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from wtforms import RadioField, SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from dagvandebuurt.parts.branding.words import code_of, has_meaning, is_hidden


class _Offered:
    """Field of a form that leaves out hidden entries, but for the one that was chosen before."""

    of: str
    data: Any

    def iter_choices(self) -> Iterator[Any]:
        for choice in super().iter_choices():  # type: ignore[misc]
            is_chosen = choice.value in self._chosen() and has_meaning(self.of, choice.value)
            if is_chosen or not is_hidden(self.of, choice.value):
                yield choice

    def _chosen(self) -> Collection[Any]:
        return (self.data,)


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


class OfferedTicks(_Offered, SelectMultipleField):
    """Checkboxes over one list."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def __init__(self, label: Any, *, of: str, labels: Mapping[Any, Any], **more: Any) -> None:
        super().__init__(label, choices=_choices(labels, None), **more)
        self.of = of

    def _chosen(self) -> Collection[Any]:
        return self.data or ()
