"""Errors that refuse a deed with labels."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


class NoSuchLabel(RuleBroken):
    """Refusal: the session has this label no more."""

    code = "labelling.no_such_label"
    message = _l("Dit label is er niet meer. Een collega koos andere labels.")


class LabelsChanged(RuleBroken):
    """Edit conflict: a colleague chose other labels since the page was loaded. `by` is who."""

    code = "labelling.labels_changed"
    message = _l("Een collega koos net andere labels. Kijk hoe het nu staat, en druk dan nog een keer.")

    def __init__(self, by: str | None) -> None:
        said = _l(
            "%(name)s koos net andere labels. Kijk hoe het nu staat, en druk dan nog een keer.", name=by
        )
        super().__init__(said if by else None, by=by)


class LabelChanged(ChangedMeanwhile):
    """Edit conflict: a colleague took this label off, or put it on, since its presser looked. `by` is who, `on` how
    it is now.
    """

    code = "labelling.label_changed"

    def __init__(self, *, by: str | None, on: bool) -> None:
        name = by or _l("Een collega")
        said = (
            _l("%(name)s plakte dit label hier net op. Druk nog een keer als het eraf moet.", name=name)
            if on
            else _l("%(name)s haalde dit label hier net af. Druk nog een keer als het erop moet.", name=name)
        )
        super().__init__(said, by=by, on=on)
