"""Forms of the organiser's desk."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, one_line
from dagvandebuurt.organisation.models import REASON_MAX_CHARS
from dagvandebuurt.people.forms import EmailForm
from dagvandebuurt.people.labels import ROLES
from dagvandebuurt.people.models import Role

NOTE_MAX_CHARS = 500


def _note() -> TextAreaField:
    return TextAreaField(
        _l("Waarom? Dit leest iedereen"),
        filters=[lambda typed: clean_text(typed, lines=6)],
        validators=[Length(max=NOTE_MAX_CHARS, message=_l("Houd het bij 500 tekens."))],
    )


class NamesForm(PageForm):
    """Request for a file with names and addresses, with what it is for."""

    names = BooleanField(
        _l("Ja, met namen en e-mailadressen"),
        validators=[
            InputRequired(
                _l("Zet een vinkje als je de namen nodig hebt. Anders kies je een bestand zonder namen.")
            )
        ],
    )
    reason = StringField(
        _l("Waar heb je de namen voor nodig?"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Schrijf in een paar woorden waar je de namen voor nodig hebt.")),
            Length(max=REASON_MAX_CHARS, message=_l("Houd het bij 200 tekens.")),
        ],
    )


class MomentForm(PageForm):
    """Date and two times, in Amsterdam."""

    day = DateField(_l("Dag"), validators=[InputRequired(_l("Vul een dag in."))])
    starts = TimeField(_l("Begin"), validators=[InputRequired(_l("Vul een tijd in."))])
    ends = TimeField(_l("Einde"), validators=[InputRequired(_l("Vul een tijd in."))])
    note = _note()

    @property
    def starts_at(self) -> datetime:
        return self._at(self.starts.data)

    @property
    def ends_at(self) -> datetime:
        return self._at(self.ends.data)

    def _at(self, hour: time | None) -> datetime:
        assert self.day.data is not None
        assert hour is not None
        return datetime.combine(self.day.data, hour, AMSTERDAM).astimezone(UTC)


class InviteForm(EmailForm):
    """Invitation to a role: everywhere, for one session, or for one organisation."""

    role = SelectField(_l("Rol"))
    session = SelectField(_l("Alleen voor deze sessie"))
    organisation = SelectField(_l("Voor welke organisatie?"), default="")
    stand = SelectField(_l("Voor welke kraam?"), default="")

    def offer(
        self,
        roles: Iterable[Role],
        sessions: Mapping[UUID, str],
        organisations: Mapping[UUID, str],
        stands: Mapping[UUID, str],
    ) -> None:
        """Set the choices: never more than the actor may give."""
        self.role.choices = [SelectChoice(role.value, ROLES[role]) for role in roles]
        self.session.choices = [
            SelectChoice("", _l("Overal")),
            *(SelectChoice(str(session_id), title) for session_id, title in sessions.items()),
        ]
        self.organisation.choices = [
            SelectChoice("", _l("Geen")),
            *(SelectChoice(str(each), name) for each, name in organisations.items()),
        ]
        self.stand.choices = [
            SelectChoice("", _l("Geen")),
            *(SelectChoice(str(each), title) for each, title in stands.items()),
        ]

    def validate_stand(self, field: Any) -> None:
        """Require a stand for its holder."""
        if self.role.data == Role.STAND_HOLDER.value and not field.data:
            raise ValidationError(_("Kies welke kraam deze persoon doet."))

    def validate_organisation(self, field: Any) -> None:
        """Require an organisation for the roles that need one."""
        if self.role.data == Role.ORG_CONTACT.value and not field.data:
            raise ValidationError(_("Kies voor welke organisatie deze persoon antwoordt."))

    @property
    def scope(self) -> UUID | None:
        named = {Role.ORG_CONTACT.value: self.organisation, Role.STAND_HOLDER.value: self.stand}
        chosen = named.get(self.role.data, self.session).data
        return UUID(chosen) if chosen else None


class StopForm(EmailForm):
    """Suspension, with a reason that the person reads."""

    reason = StringField(
        _l("Waarom? Deze persoon leest dit"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Vertel waarom.")),
            Length(max=300, message=_l("Houd het bij 300 tekens.")),
        ],
    )


class PlacesForm(PageForm):
    """Capacity. Empty: unlimited."""

    capacity = IntegerField(
        _l("Plekken"),
        validators=[Optional(), NumberRange(1, 100_000, _l("Kies een getal van 1 of meer."))],
        render_kw={"inputmode": "numeric"},
    )


class CallOffForm(PageForm):
    """Cancellation of a session, with a public reason."""

    note = _note()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.note.validators = [
            DataRequired(_l("Vertel waarom. Mensen rekenden erop.")),
            Length(max=NOTE_MAX_CHARS, message=_l("Houd het bij 500 tekens.")),
        ]
