"""Forms of the market."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from wtforms import (
    DateField,
    EmailField,
    Field,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.redirects import is_web_address
from dagvandebuurt.core.text import clean_text, one_line
from dagvandebuurt.core.timezone import AMSTERDAM, local
from dagvandebuurt.market.contacts import (
    EMAIL_MAX_CHARS,
    LINE_MAX_CHARS,
    NAME_MAX_CHARS,
    PHONE_MAX_CHARS,
    Contact,
)
from dagvandebuurt.market.fields import PhoneField
from dagvandebuurt.market.models import (
    ABOUT_MAX_CHARS,
    ADDRESS_MAX_CHARS,
    ALT_MAX_CHARS,
    NICKNAME_MAX_CHARS,
    PAPER_MAX_CHARS,
    SAID_MAX_CHARS,
    TITLE_MAX_CHARS,
    MarketStand,
)
from dagvandebuurt.market.rules import Furnishing, Place
from dagvandebuurt.parts.files.fields import PictureField
from dagvandebuurt.parts.places.fields import PlaceField
from dagvandebuurt.parts.stage.addresses import read
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.wijkwijzer.models import Initiative


def _line(label: Any, most: int, *, needed: Any = None, **more: Any) -> StringField:
    checks: list[Any] = [DataRequired(needed)] if needed else []
    return StringField(label, filters=[one_line], validators=[*checks, _within(most)], **more)


def _area(label: Any, most: int, *, lines: int = 12, needed: Any = None) -> TextAreaField:
    checks: list[Any] = [DataRequired(needed)] if needed else []
    return TextAreaField(
        label, filters=[lambda typed: clean_text(typed, lines=lines)], validators=[*checks, _within(most)]
    )


def _within(most: int) -> Length:
    return Length(max=most, message=_l("Houd het bij %(max)d tekens."))


def _web_address(_form: Any, field: Field) -> None:
    if field.data and not (field.data.startswith("https://") and is_web_address(field.data)):
        raise ValidationError(_l("Dit is geen adres van een website. Het begint met https://."))


def _video_address(_form: Any, field: Field) -> None:
    found = read(field.data) if field.data else None
    if field.data and (found is None or found.is_meeting):
        raise ValidationError(_l("Dit is geen adres van een website. Het begint met https://."))


class PlaceForm(PageForm):
    """Form of what an organiser decides of a stand."""

    title = _line(_l("Naam van de kraam"), TITLE_MAX_CHARS, needed=_l("Geef de kraam een naam."))
    initiative = SelectField(_l("Van welk goed voorbeeld is deze kraam?"), default="")
    day = DateField(_l("Dag"), validators=[InputRequired(_l("Vul een dag in."))])
    opens = TimeField(_l("Gaat open om"), validators=[InputRequired(_l("Vul een tijd in."))])
    closes = TimeField(_l("Gaat dicht om"), validators=[InputRequired(_l("Vul een tijd in."))])

    @classmethod
    def for_edition(cls, edition: Edition, **more: Any) -> "PlaceForm":
        """Return the form with the hours of the day filled in."""
        begin, end = local(edition.starts_at), local(edition.ends_at)
        return cls(**{"day": begin.date(), "opens": begin.time(), "closes": end.time()} | more)

    @classmethod
    def filled(cls, stand: MarketStand, **more: Any) -> "PlaceForm":
        """Return the form as the stand is now."""
        begin, end = local(stand.opens_at), local(stand.closes_at)
        now = {"title": stand.title, "initiative": str(stand.initiative_id or "")}
        return cls(**now | {"day": begin.date(), "opens": begin.time(), "closes": end.time()} | more)

    def offer(self, initiatives: list[Initiative]) -> None:
        self.initiative.choices = [
            SelectChoice("", _l("Geen van deze")),
            *(SelectChoice(str(each.id), each.title) for each in initiatives),
        ]

    def validate_closes(self, field: Field) -> None:
        if field.data and self.opens.data and field.data <= self.opens.data:
            raise ValidationError(_l("De kraam gaat dicht nadat hij open ging. Kies een latere tijd."))

    @property
    def place(self) -> Place:
        assert self.day.data is not None
        assert self.opens.data is not None
        assert self.closes.data is not None
        return Place(
            title=self.title.data or "",
            initiative_id=UUID(self.initiative.data) if self.initiative.data else None,
            opens_at=_moment(self.day.data, self.opens.data),
            closes_at=_moment(self.day.data, self.closes.data),
        )


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, AMSTERDAM).astimezone(UTC)


class FurnishForm(PageForm):
    """Form of what visitors read and see at a stand."""

    about = _area(_l("Wat doen jullie? In een paar zinnen"), ABOUT_MAX_CHARS)
    film_url = StringField(
        _l("Adres van een korte film"),
        filters=[one_line],
        validators=[_within(ADDRESS_MAX_CHARS), _video_address],
    )
    film_said = _area(_l("Wat wordt er in de film gezegd?"), SAID_MAX_CHARS, lines=80)
    talk_url = StringField(
        _l("Adres van jullie videogesprek"),
        filters=[one_line],
        validators=[_within(ADDRESS_MAX_CHARS), _video_address],
    )

    def validate_film_said(self, field: Field) -> None:
        if self.film_url.data and not field.data:
            raise ValidationError(_l("Schrijf op wat er gezegd wordt. Dan kan iedereen de film volgen."))

    @property
    def furnishing(self) -> Furnishing:
        return Furnishing(
            about=self.about.data or "",
            film_url=self.film_url.data or "",
            film_said=self.film_said.data or "",
            talk_url=self.talk_url.data or "",
        )


class HangForm(PageForm):
    """Form of a picture."""

    picture = PictureField(_l("Foto"))
    alt = _line(
        _l("Wat staat erop?"), ALT_MAX_CHARS, needed=_l("Vertel wat erop staat, voor wie het niet ziet.")
    )

    def validate_picture(self, field: PictureField) -> None:
        if field.made is None and not field.errors:
            raise ValidationError(_l("Kies een foto."))


class PaperForm(PageForm):
    """Form of a paper."""

    title = _line(_l("Hoe heet het?"), PAPER_MAX_CHARS, needed=_l("Geef het papier een naam."))
    url = StringField(
        _l("Waar staat het?"),
        filters=[one_line],
        validators=[DataRequired(_l("Vul een adres in.")), _within(ADDRESS_MAX_CHARS), _web_address],
    )


class ContactForm(PageForm):
    """Form of what a visitor leaves at a stand: a phone number or an address, and what they like to add."""

    name = _line(_l("Je naam"), NAME_MAX_CHARS)
    phone = PhoneField(_l("Je telefoonnummer"), validators=[Optional(), _within(PHONE_MAX_CHARS)])
    email = EmailField(
        _l("Je e-mailadres"),
        filters=[one_line],
        validators=[Optional(), _within(EMAIL_MAX_CHARS), Email(_l("Dit is geen e-mailadres."))],
    )
    line = _line(_l("Waar gaat het over?"), LINE_MAX_CHARS)

    def validate(self, *args: Any, **more: Any) -> bool:
        """Require a phone number or an address."""
        is_good = bool(super().validate(*args, **more))
        if is_good and not self.phone.data and not self.email.data:
            self.phone.errors = [
                _l("Vul een telefoonnummer of een e-mailadres in. Een van de twee is genoeg.")
            ]
            return False
        return is_good

    @property
    def contact(self) -> Contact:
        return Contact(
            name=self.name.data or "",
            phone=self.phone.data or "",
            email=self.email.data or "",
            line=self.line.data or "",
        )


class QueueForm(PageForm):
    """Form of who joins the queue of a stand. The name is what the stand calls them by, no account's."""

    nickname = _line(
        _l("Hoe mogen ze je noemen?"),
        NICKNAME_MAX_CHARS,
        needed=_l("Vul een naam in. Een voornaam is genoeg."),
    )


class WishForm(PageForm):
    """Form of *dit wil ik ook in mijn buurt*."""

    place = PlaceField(_l("In welke plaats of buurt?"), nothing=_l("Dat zeg ik niet"))

    @property
    def place_id(self) -> UUID | None:
        return UUID(self.place.data) if self.place.data else None
