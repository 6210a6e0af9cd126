"""Forms of the desk: one for each kind of thing, with the field names of a snapshot."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Any, Self
from uuid import UUID

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from dagvandebuurt.core.clock import moments_at
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, folded, one_line
from dagvandebuurt.parts.branding.words import offered
from dagvandebuurt.people.labels import DOMAINS
from dagvandebuurt.people.models import Domain
from dagvandebuurt.programme.editing.fields import (
    People,
    ThingForm,
    Ticks,
    day_field,
    hour_field,
    line,
    options,
    said_of,
    text,
    which_field,
)
from dagvandebuurt.programme.editing.labels import (
    FIELDS,
    INVOLVEMENTS,
    LANGUAGES,
    STATUSES,
    VENUE_KINDS,
    language_in_words,
)
from dagvandebuurt.programme.editing.snapshot import Plan, Planned, RecordKind, SpeakerPlan, VenuePlan
from dagvandebuurt.programme.errors import EndsBeforeItBegins
from dagvandebuurt.programme.labels import ACCESS, KINDS, LEVELS, PROMISES
from dagvandebuurt.programme.models import Edition, Involvement, SessionKind, SessionStatus, VenueKind

NOTE_MAX_CHARS = 500
NO_NAME = _l("Geef het een naam.")
AN_ADDRESS = Regexp(r"^(https?://\S+)?$", message=_l("Een adres begint met https://"))
A_SECURE_ADDRESS = Regexp(r"^(https://\S+|bbb:[a-z0-9-]*)?$", message=_l("Een adres begint met https://"))


def _number(label: Any, least: int, most: int, *, needed: bool = False) -> Any:
    first = InputRequired(_l("Vul een getal in.")) if needed else Optional()
    told = _l("Kies een getal van %(min)d tot en met %(max)d.")
    return IntegerField(
        label, validators=[first, NumberRange(least, most, told)], render_kw={"inputmode": "numeric"}
    )


class EditionForm(ThingForm):
    of = RecordKind.EDITION
    moments = {
        "starts_at": ("day", "starts"),
        "ends_at": ("last_day", "ends"),
        "registration_opens_at": ("opens_day", "opens"),
        "registration_closes_at": ("closes_day", "closes"),
    }
    title = line(_l("Naam van de dag"), 120, needed=NO_NAME)
    tagline = line(FIELDS["tagline"], 160)
    intro = text(FIELDS["intro"], 3000)
    promise = text(FIELDS["promise"], 3000)
    tagline_en = line(FIELDS["tagline_en"], 160)
    intro_en = text(FIELDS["intro_en"], 3000)
    promise_en = text(FIELDS["promise_en"], 3000)
    day = day_field(_l("Dag"))
    starts = hour_field(_l("Begin"))
    starts_which = which_field()
    last_day = day_field(_l("Laatste dag"), needed=False)
    ends = hour_field(_l("Einde"))
    ends_which = which_field()
    opens_day = day_field(_l("Aanmelden kan vanaf (dag)"))
    opens = hour_field(_l("Aanmelden kan vanaf (tijd)"))
    opens_which = which_field()
    closes_day = day_field(_l("Aanmelden kan tot (dag)"))
    closes = hour_field(_l("Aanmelden kan tot (tijd)"))
    closes_which = which_field()
    expected_participants = _number(FIELDS["expected_participants"], 0, 1_000_000, needed=True)
    contact_email = EmailField(
        FIELDS["contact_email"], filters=[one_line], validators=[Optional(), Length(max=200)]
    )
    contact_phone = line(FIELDS["contact_phone"], 40)
    contact_hours = line(FIELDS["contact_hours"], 80)

    def _comes_in_order(self) -> bool:
        day = self._ends_after_it_begins("starts_at", "ends_at")
        return self._ends_after_it_begins("registration_opens_at", "registration_closes_at") and day


class OrganisationForm(ThingForm):
    of = RecordKind.ORGANISATION
    name = line(FIELDS["name"], 120, needed=NO_NAME)
    kind = line(_l("Soort organisatie"), 40)
    domain = SelectField(FIELDS["domain"], default=Domain.WELFARE.value)
    about = text(FIELDS["about"], 3000)
    website = line(FIELDS["website"], 300, AN_ADDRESS)
    answers_follow_ups = BooleanField(_l("Deze organisatie beantwoordt vragen die na de dag komen"))
    response_days = _number(FIELDS["response_days"], 1, 365, needed=True)

    def offer(self, plan: Plan, thing: Planned | None) -> None:
        domains = offered("domain", DOMAINS, [getattr(thing, "domain", "")])
        self.domain.choices = options(domains, value=str, label=DOMAINS.__getitem__)
        if self.response_days.data is None and not self.response_days.raw_data:
            self.response_days.data = 28


class ThemeForm(ThingForm):
    of = RecordKind.THEME
    label = line(FIELDS["label"], 80, needed=NO_NAME)
    summary = text(FIELDS["summary"], 600)
    position = _number(FIELDS["position"], 0, 1000, needed=True)

    def offer(self, plan: Plan, thing: Planned | None) -> None:
        _at_the_end(self.position, plan.things[RecordKind.THEME])


class VenueForm(ThingForm):
    of = RecordKind.VENUE
    name = line(FIELDS["name"], 120, needed=NO_NAME)
    kind = RadioField(_l("Waar is het?"), default=VenueKind.ONLINE.value)
    address = line(FIELDS["address"], 200)
    description = text(FIELDS["description"], 2000)
    capacity = _number(_l("Hoeveel mensen passen er?"), 1, 100_000)
    position = _number(FIELDS["position"], 0, 1000, needed=True)

    def offer(self, plan: Plan, thing: Planned | None) -> None:
        self.kind.choices = options(VENUE_KINDS, value=str, label=VENUE_KINDS.__getitem__)
        _at_the_end(self.position, plan.things[RecordKind.VENUE])


class SpeakerForm(ThingForm):
    of = RecordKind.SPEAKER
    name = line(FIELDS["name"], 100, needed=NO_NAME)
    function = line(FIELDS["function"], 120)
    organisation = SelectField(FIELDS["organisation"], default="")
    bio = text(FIELDS["bio"], 3000)

    def offer(self, plan: Plan, thing: Planned | None) -> None:
        self.organisation.choices = [SelectChoice("", _("Geen")), *_named(plan, RecordKind.ORGANISATION)]


class RoundForm(ThingForm):
    of = RecordKind.ROUND
    moments = {"starts_at": ("day", "starts"), "ends_at": ("last_day", "ends")}
    label = line(FIELDS["label"], 80, needed=NO_NAME)
    day = day_field(_l("Dag"))
    starts = hour_field(_l("Begin"))
    starts_which = which_field()
    ends = hour_field(_l("Einde"))
    ends_which = which_field()
    last_day = day_field(_l("Dag van het einde"), needed=False)

    def _comes_in_order(self) -> bool:
        return self._ends_after_it_begins("starts_at", "ends_at")


class SessionForm(ThingForm):
    """Form of a session. Empty times default to those of the round. A new speaker or place is created with
    it.
    """

    of = RecordKind.SESSION
    moments = RoundForm.moments
    title = line(FIELDS["title"], 160, needed=_l("Geef de sessie een titel."))
    subtitle = line(FIELDS["subtitle"], 200)
    summary = text(FIELDS["summary"], 1000)
    abstract = text(FIELDS["abstract"], 20_000)
    kind = SelectField(FIELDS["kind"], default=SessionKind.WORKSHOP.value)
    kind_label = line(FIELDS["kind_label"], 80)
    themes = Ticks(FIELDS["themes"])
    involvement = RadioField(
        _l("Wat gebeurt er met wat mensen inbrengen?"), default=Involvement.CONSULT.value
    )
    round = SelectField(FIELDS["round"])
    day = day_field(_l("Dag"), needed=False)
    starts = hour_field(_l("Begin"), needed=False)
    starts_which = which_field()
    ends = hour_field(_l("Einde"), needed=False)
    ends_which = which_field()
    last_day = day_field(_l("Dag van het einde"), needed=False)
    venue = SelectField(FIELDS["venue"], default="")
    new_venue = line(_l("Naam van de nieuwe plek"), 120)
    new_venue_kind = RadioField(_l("Waar is het?"), default=VenueKind.ONLINE.value)
    new_venue_address = line(_l("Adres"), 200)
    capacity = _number(_l("Hoeveel mensen kunnen er mee?"), 1, 100_000)
    status = RadioField(FIELDS["status"], default=SessionStatus.SCHEDULED.value)
    speakers = People(FIELDS["speakers"])
    hosts = People(FIELDS["hosts"])
    new_speaker = line(_l("Naam van de nieuwe spreker"), 100)
    new_speaker_function = line(_l("Functie"), 120)
    new_speaker_part = RadioField(_l("Wat doet deze persoon?"), default="speakers")
    languages = Ticks(FIELDS["languages"], default=["nl"])
    language_level = SelectField(FIELDS["language_level"], default="B1")
    interpreters = Ticks(_l("Tolken vertalen naar"))
    access = Ticks(_l("Wat is er geregeld?"))
    domains = Ticks(FIELDS["domains"])
    ask_ahead = text(FIELDS["ask_ahead"], 300)
    stage_url = line(FIELDS["stage_url"], 300, A_SECURE_ADDRESS)

    def offer(self, plan: Plan, thing: Planned | None) -> None:
        self._plan = plan
        rounds = plan.things[RecordKind.ROUND]
        kinds = offered("session_kind", KINDS, [getattr(thing, "kind", "")])
        self.kind.choices = options(kinds, value=str, label=KINDS.__getitem__)
        self.involvement.choices = options(
            INVOLVEMENTS, value=str, label=lambda each: f"{INVOLVEMENTS[each]}: {PROMISES[each]}"
        )
        self.round.choices = options(
            rounds, value=str, label=lambda key: f"{rounds[key].label} ({_span(rounds[key])})"
        )
        self.venue.choices = [SelectChoice("", _("Online, geen eigen zaal")), *_named(plan, RecordKind.VENUE)]
        self.new_venue_kind.choices = options(VENUE_KINDS, value=str, label=VENUE_KINDS.__getitem__)
        self.new_speaker_part.choices = [
            SelectChoice("speakers", _("Spreekt")), SelectChoice("hosts", _("Leidt het gesprek"))
        ]  # fmt: skip
        is_hidden = getattr(thing, "status", None) is SessionStatus.DRAFT
        shown = [each for each in STATUSES if each is not SessionStatus.DRAFT or is_hidden]
        self.status.choices = options(shown, value=str, label=STATUSES.__getitem__)
        self.themes.choices = _named(plan, RecordKind.THEME)
        people = sorted(_named(plan, RecordKind.SPEAKER), key=lambda each: folded(str(each.label)))
        self.speakers.choices = self.hosts.choices = people
        for field in (self.languages, self.interpreters):
            codes = dict.fromkeys([*LANGUAGES, *getattr(thing, field.name, [])])
            field.choices = options(codes, value=str, label=language_in_words)
        self.language_level.choices = _with_words(LEVELS, [getattr(thing, "language_level", "B1")])
        access = getattr(thing, "access", [])
        self.access.choices = _with_words(offered("access", ACCESS, access), access)
        domains = offered("domain", DOMAINS, getattr(thing, "domains", []))
        self.domains.choices = options(domains, value=str, label=DOMAINS.__getitem__)

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        times = (self.day.data, self.starts.data, self.ends.data)
        typed = any(self[name].raw_data and self[name].raw_data[0] for name in ("day", "starts", "ends"))
        if not typed and self.round.data and not self.round.errors:
            part = self._plan.things[RecordKind.ROUND][UUID(self.round.data)]
            self._told = {"starts_at": part.starts_at, "ends_at": part.ends_at}
        elif None in times:
            self._ask_for_the_rest()
        self._is_new_to_us(self.new_speaker, RecordKind.SPEAKER)
        self._is_new_to_us(self.new_venue, RecordKind.VENUE)
        return good and not self.errors

    def _ask_for_the_rest(self) -> None:
        for name, sentence in (("day", _("Vul een dag in.")), ("starts", _("Vul een tijd in.")), ("ends", _("Vul een tijd in."))):  # fmt: skip
            if self[name].data is None and not self[name].errors:
                self[name].errors = [sentence]

    def _is_new_to_us(self, field: Any, kind: RecordKind) -> None:
        name = folded(field.data or "")
        if name and any(folded(each.name) == name for each in self._plan.things[kind].values()):
            field.errors = [*field.errors, _("Deze naam staat al in de lijst. Kies hem daar.")]

    def _comes_in_order(self) -> bool:
        return self._ends_after_it_begins("starts_at", "ends_at")

    def made_along(self) -> list[tuple[RecordKind, str, dict[str, Any]]]:
        """Return new things to create with this session: kind, the field that refers to it, and its values."""
        found: list[tuple[RecordKind, str, dict[str, Any]]] = []
        if self.new_venue.data:
            venue = VenuePlan(
                name=self.new_venue.data,
                kind=VenueKind(self.new_venue_kind.data),
                address=self.new_venue_address.data or None,
                capacity=None,
                position=_next(self._plan.things[RecordKind.VENUE]),
            )
            found.append((RecordKind.VENUE, "venue", venue.values()))
        if self.new_speaker.data:
            speaker = SpeakerPlan(
                code="-", name=self.new_speaker.data, function=self.new_speaker_function.data
            )
            found.append((RecordKind.SPEAKER, self.new_speaker_part.data, speaker.values()))
        return found


class NextEditionForm(PageForm):
    """Form of the next edition: a name, a day, and whether to copy the last one."""

    title = line(_l("Naam van de dag"), 120, needed=NO_NAME)
    day = day_field(_l("Dag"))
    starts = hour_field(_l("Begin"))
    ends = hour_field(_l("Einde"))
    copies = BooleanField(_l("Neem de ronden en plekken van de vorige keer over"), default=True)

    @classmethod
    def after(cls, before: Edition | None, today: date) -> Self:
        """Return defaults from the last one, a year later on the same weekday."""
        if before is None:
            return cls(formdata=None, day=today, starts=time(13), ends=time(17))
        (day, starts, _one), (last_day, ends, _other) = said_of(before.starts_at), said_of(before.ends_at)
        if day != last_day:
            starts, ends = time(13), time(17)
        return cls(formdata=None, title=before.title, day=day + timedelta(weeks=52), starts=starts, ends=ends)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        begins, ends = (moments_at(self.day.data, field.data) for field in (self.starts, self.ends))
        if not begins or not ends:
            self.starts.errors = [_("Deze tijd bestaat die nacht niet: de klok gaat een uur vooruit.")]
            return False
        self.starts_at, self.ends_at = begins[0], ends[0]
        if self.ends_at <= self.starts_at:
            self.ends.errors = [str(EndsBeforeItBegins.message)]
        return not self.errors


class NoteForm(PageForm):
    """Form of the public note about a release."""

    note = TextAreaField(
        _l("Wat is er anders? Dit leest iedereen"),
        filters=[lambda typed: clean_text(typed, lines=6)],
        validators=[Length(max=NOTE_MAX_CHARS, message=_l("Houd het bij %(max)d tekens."))],
    )
    seen = HiddenField()

    def needs_a_note(self) -> None:
        """Require a note when a session moves: people are told why."""
        self.note.validators = [
            DataRequired(_l("Vertel waarom. Mensen rekenden erop.")),
            *self.note.validators,
        ]
        self.note.flags.required = True


def _named(plan: Plan, kind: RecordKind) -> list[SelectChoice]:
    def label(key: UUID) -> str:
        thing = plan.things[kind][key]
        function = getattr(thing, "function", "")
        return f"{thing.name_of_it} ({function})" if function else str(thing.name_of_it)

    return options(plan.things[kind], value=str, label=label)


def _with_words(words: Mapping[str, Any], had: list[str]) -> list[SelectChoice]:
    """Return the usual choices, and imported values."""
    return options(dict.fromkeys([*words, *had]), value=str, label=lambda each: words.get(each, each))


def _span(part: Any) -> str:
    begin, end = said_of(part.starts_at)[1], said_of(part.ends_at)[1]
    return f"{begin:%H.%M} - {end:%H.%M}"


def _next(things: Mapping[UUID, Any]) -> int:
    return max((thing.position for thing in things.values()), default=-1) + 1


def _at_the_end(field: Any, things: Mapping[UUID, Any]) -> None:
    if field.data is None and not field.raw_data:
        field.data = _next(things)


FORMS: Mapping[RecordKind, type[ThingForm]] = {
    form.of: form
    for form in (EditionForm, OrganisationForm, ThemeForm, VenueForm, SpeakerForm, RoundForm, SessionForm)
}
