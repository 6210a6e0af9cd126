"""Forms on the life of an edition. `seen` is the revision on screen; the rule refuses an old one."""

from datetime import datetime
from typing import Any

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.programme.editing.fields import day_field, hour_field, moment_said, text, which_field

NOTE_MAX_CHARS = 300


class DecisionForm(PageForm):
    seen = HiddenField(filters=[lambda typed: (typed or "").strip()])

    @property
    def revision(self) -> int:
        """Return the revision that was on screen; one that never was for anything else than a number."""
        typed = self.seen.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


class PlanForm(DecisionForm):
    day = day_field(_l("Dag"))
    hour = hour_field(_l("Tijd"))
    which = which_field()
    opens_at: datetime | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        assert self.day.data is not None
        self.opens_at = moment_said(self.day.data, self.hour, self.which)
        return self.opens_at is not None


class CloseForm(DecisionForm):
    note = text(_l("Wat lezen bezoekers?"), NOTE_MAX_CHARS)


class ArchiveForm(DecisionForm):
    typed = StringField(
        _l("Typ de naam van de editie over"),
        validators=[DataRequired(_l("Typ de naam over. Zo gebeurt dit nooit per ongeluk.")), Length(max=200)],
    )
