"""Forms of the Wijkwijzer."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
    widgets,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, NumberRange, Optional

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.redirects import is_web_address
from dagvandebuurt.core.text import clean_text, length, one_line
from dagvandebuurt.parts.branding.fields import OfferedTicks
from dagvandebuurt.parts.places.fields import PlaceField
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.programme.models import Organisation, Theme
from dagvandebuurt.programme.places.queries import PlaceChoices
from dagvandebuurt.wijkwijzer import labels
from dagvandebuurt.wijkwijzer.initiatives.rules import Shared
from dagvandebuurt.wijkwijzer.models import Gap, GapKind, Initiative, LearningOffer, OfferForm, OfferMode
from dagvandebuurt.wijkwijzer.offers.rules import Offered, Plan
from dagvandebuurt.wijkwijzer.people.models import Rhythm
from dagvandebuurt.wijkwijzer.questions.rules import Asked

AUDIENCE = [role for role in ParticipantRole if role is not ParticipantRole.UNDISCLOSED]


def at_most(most: int) -> Any:
    """Return a validator of length, counted in characters as people see them (graphemes): a flag is one."""

    def check(_form: Any, field: Field) -> None:
        if length(field.data or "") > most:
            raise ValidationError(_("Houd het bij %(most)d tekens.", most=most))

    return check


def line(label: Any, most: int, *, needed: Any = None) -> StringField:
    checks = [DataRequired(needed)] if needed else [Optional()]
    return StringField(label, filters=[one_line], validators=[*checks, at_most(most)])


def area(label: Any, most: int = 2_000, *, needed: Any = None, lines: int = 30) -> TextAreaField:
    checks = [DataRequired(needed)] if needed else [Optional()]
    clean = [lambda text: clean_text(text, lines=lines)]
    return TextAreaField(label, filters=clean, validators=[*checks, at_most(most)])


def ticks(label: Any, choices: Iterable[tuple[str, Any]] = (), **more: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label,
        choices=[SelectChoice(value, word) for value, word in choices],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
        **more,
    )


def an_id(value: str | None) -> UUID | None:
    return UUID(value) if value else None


class AboutForm(PageForm):
    """Fields shared by everything in the Wijkwijzer: themes, domains and place."""

    themes = ticks(_l("Welke thema's?"))
    domains = OfferedTicks(_l("Welke werkvelden?"), of="domain", labels=DOMAINS)
    place = PlaceField(_l("In welke plaats of buurt?"))

    def offer(self, themes: Iterable[Theme], places: PlaceChoices) -> None:
        self.themes.choices = [SelectChoice(str(each.id), each.label) for each in themes]
        self.place.offer(places)

    @property
    def about(self) -> dict[str, Any]:
        return {
            "theme_ids": frozenset(UUID(each) for each in self.themes.data or ()),
            "domains": tuple(self.domains.data or ()),
            "place_id": an_id(self.place.data),
        }


class AskForm(AboutForm):
    title = line(_l("Wat wil je leren? In één zin"), 160, needed=_l("Schrijf in één zin wat je wilt leren."))
    detail = area(_l("Waarom? Waar loop je tegenaan?"), 1_000, lines=12)

    @property
    def asked(self) -> Asked:
        return Asked(title=self.title.data or "", detail=self.detail.data or "", **self.about)


def _web_address(_form: Any, field: Field) -> None:
    if field.data and not is_web_address(field.data):
        raise ValidationError(
            _(
                "Dit is geen webadres. Een webadres begint met https:// en ziet eruit als https://buurt.nl/cursus"
            )
        )


class OfferedForm(AboutForm):
    """Form of an offer, by its provider."""

    title = line(_l("Hoe heet het?"), 160, needed=_l("Geef het een naam."))
    summary = area(_l("Wat leer je ervan?"), 1_000, needed=_l("Schrijf op wat je ervan leert."))
    provider = SelectField(_l("Welke organisatie biedt het aan?"))
    provider_name = line(_l("Staat de organisatie er niet bij? Vul de naam in"), 120)
    form = RadioField(
        _l("Wat voor aanbod is het?"),
        choices=[SelectChoice(each.value, word) for each, word in labels.FORMS.items()],
        validators=[DataRequired(_l("Kies wat het is."))],
    )
    mode = RadioField(
        _l("Waar is het?"),
        choices=[SelectChoice(each.value, word) for each, word in labels.MODES.items()],
        validators=[DataRequired(_l("Kies waar het is."))],
    )
    audience = OfferedTicks(
        _l("Voor wie?"), of="participant_role", labels={each: PARTICIPANT_ROLES[each] for each in AUDIENCE}
    )
    cost = line(_l("Wat kost het? Gratis mag ook"), 80, needed=_l("Vul in wat het kost, of: gratis."))
    duration = line(_l("Hoe lang duurt het?"), 80, needed=_l("Vul in hoe lang het duurt."))
    language_level = SelectField(
        _l("Hoe moeilijk is de taal?"),
        choices=[
            SelectChoice("", _l("Dat weet ik niet")),
            *(SelectChoice(level, word) for level, word in labels.LANGUAGE_LEVELS.items()),
        ],
    )
    url = StringField(_l("Webadres"), filters=[one_line], validators=[Optional(), _web_address, at_most(300)])
    contact = line(_l("Contact: een algemeen nummer of adres van de organisatie"), 160)
    for_gap = SelectField(_l("Vult dit iets dat nog georganiseerd moest worden?"))

    def offer_more(self, organisations: Iterable[Organisation], gaps: Iterable[Gap]) -> None:
        self.provider.choices = [
            SelectChoice("", _l("Een andere")),
            *(SelectChoice(str(each.id), each.name) for each in organisations),
        ]
        self.for_gap.choices = [
            SelectChoice("", _l("Nee, of dat weet ik niet")),
            *(SelectChoice(str(each.id), each.title) for each in gaps),
        ]

    def validate_provider_name(self, field: Field) -> None:
        if not field.data and not self.provider.data:
            raise ValidationError(_("Kies een organisatie of vul een naam in."))

    @property
    def offered(self) -> Offered:
        return Offered(
            title=self.title.data or "",
            summary=self.summary.data or "",
            provider_id=an_id(self.provider.data),
            provider_name=self.provider_name.data or "",
            form=OfferForm(self.form.data),
            mode=OfferMode(self.mode.data),
            audience=tuple(self.audience.data or ()),
            cost=self.cost.data or "",
            duration=self.duration.data or "",
            language_level=self.language_level.data or "",
            url=self.url.data or None,
            contact=self.contact.data or None,
            for_gap_id=an_id(self.for_gap.data),
            **self.about,
        )


class SharedForm(AboutForm):
    """Form of an initiative, by a person who knows it."""

    title = line(_l("Hoe heet het?"), 160, needed=_l("Geef het een naam."))
    summary = area(
        _l("Wat is het? In een of twee zinnen"), 300, needed=_l("Schrijf kort op wat het is."), lines=4
    )
    what = area(_l("Wie doen mee, en wat doen ze?"), needed=_l("Schrijf op wie het doen en wat ze doen."))
    need_it_met = area(_l("Waarom is het begonnen?"), 1_000)
    costs = area(_l("Wat is ervoor nodig? Geld, mensen, een plek"), 1_000)
    what_went_wrong = area(_l("Wat ging er mis?"), 1_000)
    tip = area(_l("Wat kunnen anderen overnemen?"), 1_000)
    led_by = SelectField(_l("Welke organisatie of groep leidt het?"))
    led_by_name = line(_l("Staat die er niet bij? Vul de naam in"), 120)
    started = IntegerField(
        _l("In welk jaar is het begonnen?"),
        validators=[Optional(), NumberRange(1900, 2100, _l("Vul een jaar in, zoals 2022."))],
        render_kw={"inputmode": "numeric"},
    )

    def offer_more(self, organisations: Iterable[Organisation]) -> None:
        self.led_by.choices = [
            SelectChoice("", _l("Een andere")),
            *(SelectChoice(str(each.id), each.name) for each in organisations),
        ]

    def validate_led_by_name(self, field: Field) -> None:
        if not field.data and not self.led_by.data:
            raise ValidationError(_("Kies een organisatie of vul een naam in."))

    def fill(self, initiative: Initiative) -> None:
        """Fill in the values sent before."""
        for name in (
            "title", "summary", "what", "need_it_met", "costs", "what_went_wrong", "tip", "led_by_name",
            "started", "domains",
        ):  # fmt: skip
            self[name].data = getattr(initiative, name)
        self.led_by.data = str(initiative.led_by_id or "")
        self.place.data = str(initiative.place_id or "")
        self.themes.data = [str(each.id) for each in initiative.themes]

    @property
    def shared(self) -> Shared:
        told: dict[str, Any] = {
            name: self[name].data or ""
            for name in (
                "title", "summary", "what", "need_it_met", "costs", "what_went_wrong", "tip", "led_by_name",
            )
        }  # fmt: skip
        return Shared(**told, led_by_id=an_id(self.led_by.data), started=self.started.data, **self.about)


class NoteForm(PageForm):
    note = area(_l("Waarom? Wie het instuurde, leest dit"), 500)


class GroupForm(PageForm):
    into = IntegerField(
        _l("Bij welke leervraag? Vul het nummer in"),
        validators=[DataRequired(_l("Vul een nummer in."))],
        render_kw={"inputmode": "numeric"},
    )


class OffersForm(PageForm):
    """Form to choose offers."""

    offers = ticks(_l("Welk aanbod?"), coerce=int)

    def offer(self, offers: Iterable[LearningOffer]) -> None:
        self.offers.choices = [
            SelectChoice(each.number, f"{each.title} ({each.provider_name})") for each in offers
        ]


class AnswerForm(PageForm):
    text = area(_l("Het antwoord, in gewone woorden"), 4_000, needed=_l("Schrijf het antwoord op."))
    by = line(_l("Wie geeft dit antwoord?"), 160, needed=_l("Vul in van wie het antwoord is."))


class GapForm(PageForm):
    kind = RadioField(
        _l("Waarom ontbreekt het?"),
        choices=[SelectChoice(each.value, word) for each, word in labels.GAP_KINDS.items()],
        validators=[DataRequired(_l("Kies waarom het ontbreekt."))],
    )
    title = line(_l("Wat moet er komen? In één zin"), 160)
    existing = IntegerField(
        _l("Staat het al bij Nog te organiseren? Vul het nummer in"),
        validators=[Optional()],
        render_kw={"inputmode": "numeric"},
    )

    @property
    def its(self) -> dict[str, Any]:
        return {"kind": GapKind(self.kind.data), "title": self.title.data or ""}


class PlanForm(PageForm):
    """Form of the plan for a gap: who takes it on, the next step, and its date."""

    owner = SelectField(_l("Welke organisatie pakt het op?"))
    owner_name = line(_l("Staat die er niet bij? Vul de naam in"), 120)
    next_step = line(_l("Wat is de volgende stap?"), 300)
    due_on = DateField(_l("Wanneer is die klaar?"), validators=[Optional()])

    def offer(self, organisations: Iterable[Organisation]) -> None:
        self.owner.choices = [
            SelectChoice("", _l("Een andere")),
            *(SelectChoice(str(each.id), each.name) for each in organisations),
        ]

    @property
    def plan(self) -> Plan:
        return Plan(
            owner_id=an_id(self.owner.data),
            owner_name=self.owner_name.data or "",
            next_step=self.next_step.data or "",
            due_on=self.due_on.data,
        )


class JoinForm(PageForm):
    offer = area(_l("Wat kun je doen?"), 300, lines=6)


class MessageForm(PageForm):
    message = area(_l("Je bericht"), 1_000, needed=_l("Schrijf hier eerst iets op."))


class ReplyForm(PageForm):
    request = HiddenField()
    text = area(_l("Je antwoord"), 1_000, needed=_l("Schrijf hier eerst iets op."))


class RhythmForm(PageForm):
    rhythm = RadioField(
        _l("Hoe vaak wil je een mail met wat nieuw is?"),
        choices=[SelectChoice(each.value, word) for each, word in labels.RHYTHMS.items()],
        validators=[DataRequired(_l("Kies hoe vaak."))],
        default=Rhythm.WEEKLY.value,
    )


class FollowPlaceForm(PageForm):
    """Choice of a place to follow, where the list is too long for a select."""

    place = PlaceField(
        _l("Plaats of buurt"), validators=[DataRequired(_l("Kies wat je wilt volgen."))], id="volg-plaats"
    )


class CardForm(PageForm):
    line = line(_l("Wat doe je in de buurt? In één zin"), 200, needed=_l("Schrijf in één zin wat je doet."))
    theme = SelectField(_l("Waar wil je over praten?"), validators=[DataRequired(_l("Kies een thema."))])
    place = PlaceField(_l("In welke plaats of buurt?"))
    agrees = BooleanField(
        _l("Laat mijn kaart zien aan één persoon tegelijk, zonder mijn naam"),
        validators=[DataRequired(_l("Zonder dit kunnen we je aan niemand voorstellen."))],
    )

    def offer(self, themes: Iterable[Theme], places: PlaceChoices) -> None:
        self.theme.choices = [
            SelectChoice("", _l("Kies een thema")),
            *(SelectChoice(str(each.id), each.label) for each in themes),
        ]
        self.place.offer(places)
