"""Forms for what the event is called and looks like."""

from dataclasses import replace
from typing import Any

from wtforms import BooleanField, EmailField, Field, HiddenField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, Optional, Regexp
from wtforms.widgets import ColorInput

from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.redirects import is_web_address
from dagvandebuurt.core.text import one_line
from dagvandebuurt.parts.branding import colours
from dagvandebuurt.parts.branding.errors import NoColour, contrast_sentence
from dagvandebuurt.parts.branding.models import (
    ALT_MAX_CHARS,
    EMAIL_MAX_CHARS,
    NAME_MAX_CHARS,
    SHORT_NAME_MAX_CHARS,
    TAGLINE_MAX_CHARS,
)
from dagvandebuurt.parts.branding.queries import Look
from dagvandebuurt.parts.files.fields import PictureField
from dagvandebuurt.parts.partners.models import ALT_MAX_CHARS as PARTNER_ALT_CHARS
from dagvandebuurt.parts.partners.models import NAME_MAX_CHARS as PARTNER_NAME_CHARS
from dagvandebuurt.parts.partners.models import URL_MAX_CHARS, Partner
from dagvandebuurt.people.forms import an_email

TEXTS = ("name", "name_en", "short_name", "tagline", "tagline_en", "contact_email", "accent", "second")


def _line(label: Any, most: int, *validators: Any) -> StringField:
    return StringField(
        label,
        filters=[lambda typed: one_line(typed or "")],
        validators=[*(validators or (Optional(),)), Length(max=most)],
    )


class _ColourField(StringField):
    """A colour as `#rrggbb`, in which every text can be read. `of`: accent or second."""

    widget = ColorInput()

    def __init__(self, label: Any, of: str, **how: Any) -> None:
        wrong = NoColour.message
        super().__init__(
            label,
            filters=[lambda typed: (typed or "").strip().lower()],
            validators=[Optional(), Regexp(rf"^{colours.HEX.pattern}$", message=wrong), self._is_readable],
            **how,
        )
        self.of = of

    @staticmethod
    def _is_readable(_form: Any, field: Field) -> None:
        assert isinstance(field, _ColourField)
        chosen = field.data or ""
        if colours.HEX.fullmatch(chosen) and (sentence := contrast_sentence(field.of, chosen)):
            raise ValidationError(sentence)


class LookForm(PageForm):
    seen = HiddenField()
    name = _line(_l("Naam van het evenement"), NAME_MAX_CHARS, DataRequired(_l("Geef het een naam.")))
    name_en = _line(_l("Naam in het Engels"), NAME_MAX_CHARS)
    short_name = _line(_l("Korte naam"), SHORT_NAME_MAX_CHARS)
    tagline = _line(_l("Eén zin eronder"), TAGLINE_MAX_CHARS)
    tagline_en = _line(_l("Die zin in het Engels"), TAGLINE_MAX_CHARS)
    contact_email = EmailField(
        _l("E-mailadres voor vragen over de site"),
        filters=[lambda typed: one_line(typed or "")],
        validators=[Optional(), Length(max=EMAIL_MAX_CHARS), an_email],
    )
    accent = _ColourField(_l("Kleur van knoppen"), "accent")
    second = _ColourField(_l("Kleur van links"), "second")

    @classmethod
    def filled(cls, look: Look, number: int) -> "LookForm":
        """Return the form as it stands now."""
        values = {name: getattr(look, name) for name in TEXTS}
        values["accent"] = values["accent"] or colours.ACCENT
        values["second"] = values["second"] or colours.SECOND
        return cls(formdata=None, seen=str(number), **values)

    def on(self, look: Look) -> Look:
        """Return the look with what was typed."""
        typed: dict[str, Any] = {name: self[name].data or "" for name in TEXTS}
        return replace(look, **typed)


class LogoForm(PageForm):
    picture = PictureField(_l("Logo"))
    alt = _line(_l("Wat staat erop?"), ALT_MAX_CHARS)
    has_name = BooleanField(_l("In het logo staat de naam al"))


class PartnerForm(PageForm):
    name = _line(_l("Naam van de partner"), PARTNER_NAME_CHARS, DataRequired(_l("Geef een naam.")))
    url = _line(_l("Adres van de website"), URL_MAX_CHARS)
    picture = PictureField(_l("Logo"))
    alt = _line(_l("Wat staat erop?"), PARTNER_ALT_CHARS)

    def validate_url(self, field: Field) -> None:
        if field.data and not (field.data.startswith("https://") and is_web_address(field.data)):
            raise ValidationError(_l("Dit is geen adres van een website. Het begint met https://."))

    @classmethod
    def filled(cls, partner: Partner) -> "PartnerForm":
        """Return the form as it stands now."""
        return cls(formdata=None, name=partner.name, url=partner.url, alt=partner.alt)

    @property
    def given(self) -> dict[str, Any]:
        """Return the arguments of the commands about partners, but for the logo."""
        return {"name": self.name.data or "", "url": self.url.data or "", "alt": self.alt.data or ""}


class SharePictureForm(PageForm):
    picture = PictureField(_l("Plaatje bij een gedeelde link"))
