"""Forms about comments and lessons: report, decision, appeal."""

from typing import Any

from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Email, Optional

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, length, one_line
from dagvandebuurt.lessons.forms import at_most
from dagvandebuurt.moderation.forms import NOTE_MAX_CHARS
from dagvandebuurt.moderation.labels import TEXT_COMPLAINTS
from dagvandebuurt.people.forms import a_name

_WRITE_FIRST = DataRequired(_l("Schrijf hier eerst iets op."))


def _note(label: Any, *checks: Any) -> TextAreaField:
    return TextAreaField(
        label, filters=[lambda text: clean_text(text, lines=12)], validators=[*checks, at_most(NOTE_MAX_CHARS)]
    )  # fmt: skip


def _reason(kind: type[Any], label: Any, *first: Any) -> Any:
    def choices() -> list[SelectChoice]:  # read for each form: organisers add rules of their own
        return [*first, *(SelectChoice(code, word) for code, word in TEXT_COMPLAINTS.items())]

    return kind(label, choices=choices, validators=[DataRequired(_l("Kies een reden."))])


class ReportForm(PageForm):
    """Form of a report, as article 16 of the Digital Services Act requires: reason, exact location (in the
    address), optional identity, and a statement of good faith.
    """

    reason = _reason(RadioField, _l("Wat is er mis?"))
    note = _note(_l("Leg het uit"))
    name = StringField(_l("Je naam"), filters=[one_line], validators=[at_most(100), a_name])
    email = EmailField(
        _l("Je e-mailadres"), filters=[one_line],
        validators=[Optional(), at_most(300), Email(_l("Dit is geen e-mailadres."))],
    )  # fmt: skip
    good_faith = BooleanField(
        _l("Ik meld dit eerlijk. Voor zover ik weet klopt het."),
        validators=[DataRequired(_l("Zet een vinkje als je dit eerlijk meldt."))],
    )

    def validate(self, *args: Any, **more: Any) -> bool:
        """Require an explanation for the legal reason: it cannot be judged without."""
        is_good = bool(super().validate(*args, **more))
        if self.reason.data == "illegal" and length(self.note.data or "") < 10:
            self.note.errors = [*self.note.errors, _l("Leg uit waarom dit volgens jou niet mag van de wet.")]
            return False
        return is_good


class HideForm(PageForm):
    reason = _reason(SelectField, _l("Waarom verberg je dit?"), SelectChoice("", "–"))
    note = _note(_l("Leg het uit aan de schrijver"), _WRITE_FIRST)


class DecisionForm(PageForm):
    note = _note(_l("Schrijf waarom"), _WRITE_FIRST)


class AppealForm(PageForm):
    text = _note(_l("Waarom moet iemand anders opnieuw kijken?"), _WRITE_FIRST)
