"""Forms in which an organiser writes the texts of the site."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import DataRequired, InputRequired

from dagvandebuurt.core import clock
from dagvandebuurt.core.forms import PageForm
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.markdown import MOST_CHARS
from dagvandebuurt.core.redirects import is_web_address
from dagvandebuurt.core.text import clean_text, length, one_line
from dagvandebuurt.people.models import HouseRule, HouseRules
from dagvandebuurt.people.queries import RULE_TITLES
from dagvandebuurt.texts.site_pages import FieldKind, SitePage, TextField

LINE_MAX_CHARS = 160
PLAIN_MAX_CHARS = 800
CODES = tuple(RULE_TITLES)
OWN_RULES = 4  # rules of the organiser's own, beside the standard ones
_WRITE_FIRST = _l("Schrijf hier eerst iets op.")


def at_most(most: int) -> Any:
    """Return a validator of length, counted in characters as people see them (graphemes)."""

    def check(_form: Any, field: Any) -> None:
        if length(field.data or "") > most:
            raise ValidationError(_("Houd het bij %(most)d tekens.", most=most))

    return check


def _line(label: Any, *checks: Any, most: int = LINE_MAX_CHARS) -> StringField:
    return StringField(label, filters=[one_line], validators=[*checks, at_most(most)])


def _text(label: Any, *checks: Any, most: int = MOST_CHARS, lines: int = 2000) -> TextAreaField:
    return TextAreaField(
        label, filters=[lambda typed: clean_text(typed, lines=lines)], validators=[*checks, at_most(most)]
    )


def _web_address(_form: Any, field: Any) -> None:
    if field.data and not is_web_address(field.data):
        raise ValidationError(_("Dit is geen webadres. Begin met https://."))


def _email(_form: Any, field: Any) -> None:
    try:
        if field.data:
            validate_email(field.data, check_deliverability=False)
    except EmailNotValidError:
        raise ValidationError(
            _("Dit e-mailadres klopt niet. Kijk of er een @ in staat en of het compleet is.")
        ) from None


def _date(_form: Any, field: Any) -> None:
    try:
        if field.data:
            date.fromisoformat(field.data)
    except ValueError:
        raise ValidationError(_("Vul een dag in, zoals 2027-01-28.")) from None


def _field(field: TextField, *, is_required: bool) -> Any:
    checks = [DataRequired(_WRITE_FIRST)] if is_required else []
    if field.kind is FieldKind.CHOICE:
        choices = [SelectChoice(value, label) for value, label in (field.choices or {}).items()]
        return SelectField(field.label, choices=choices)
    if field.kind is FieldKind.TEXT:
        return _text(field.label, *checks)
    if field.kind is FieldKind.PLAIN:
        return _text(field.label, *checks, most=PLAIN_MAX_CHARS, lines=8)
    if field.kind is FieldKind.EMAIL:
        return _line(field.label, _email, most=320)
    if field.kind is FieldKind.DATE:
        return StringField(field.label, filters=[one_line], validators=[_date], render_kw={"type": "date"})
    if field.kind is FieldKind.LINK:
        return _line(field.label, _web_address, most=300)
    return _line(field.label, *checks)


class SiteTextForm(PageForm):
    """Base of the form of one page; `seen` is the version that was opened."""

    seen = HiddenField()
    page: SitePage

    @property
    def values(self) -> dict[str, str]:
        return {key: str(self[key].data or "") for field in self.page.fields for key in field.keys}

    def validate(self, extra_validators: Any = None) -> bool:
        """Require what an accessibility statement must rest on: a verdict needs the research behind it."""
        is_valid: bool = super().validate(extra_validators)
        if self.page.code == "access" and self["status"].data in ("full", "partial", "none"):
            for name in ("looked_on", "looked_by"):
                if not self[name].data:
                    self[name].errors = [
                        *self[name].errors,
                        _("Vul dit in, of kies 'Nog niet onderzocht'. Een oordeel staat op een onderzoek."),
                    ]
                    is_valid = False
        return is_valid


def site_text_form(page: SitePage, values: Mapping[str, str] | None = None, seen: int = 0) -> SiteTextForm:
    """Return the form of this page: as it was sent, or filled with `values`."""
    fields: dict[str, Any] = {"page": page}
    for field in page.fields:
        for key in field.keys:
            fields[key] = _field(field, is_required=field.is_required and key.endswith("_nl"))
    kind: type[SiteTextForm] = type(f"{page.code.title()}Form", (SiteTextForm,), fields)
    return kind() if values is None else kind(formdata=None, data={**values, "seen": str(seen)})


class HouseRulesBase(PageForm):
    """Base of the form of the house rules; `seen` is the version that was opened."""

    seen = HiddenField()
    title_nl = _line(_l("Kop"), DataRequired(_WRITE_FIRST), most=120)
    title_en = _line(_l("Kop"), most=120)
    intro_nl = _text(_l("Inleiding"), DataRequired(_WRITE_FIRST), most=600, lines=6)
    intro_en = _text(_l("Inleiding"), most=600, lines=6)
    happens_nl = _text(
        _l("Wat doen jullie? Op elke regel één ding"), DataRequired(_WRITE_FIRST), most=2000, lines=12
    )
    happens_en = _text(_l("Wat doen jullie? Op elke regel één ding"), most=2000, lines=12)
    from_day = DateField(_l("Geldt vanaf"), validators=[InputRequired(_l("Vul een dag in."))])

    def validate_from_day(self, field: Any) -> None:
        """Refuse a day in the past: nobody could have read them then."""
        if field.data and field.data < clock.today():
            raise ValidationError(_("Kies vandaag, of een latere dag."))

    def heading(self, code: str, language: str) -> Any:
        return self[f"{code}_{language}"]

    def body(self, code: str, language: str) -> Any:
        return self[f"{code}_body_{language}"]

    @property
    def own_codes(self) -> list[str]:
        return [f"own_{number}" for number in range(1, OWN_RULES + 1)]

    def has_own(self, language: str) -> bool:
        """Return whether there is a rule of the organiser's own, or something to mend in one."""
        fields = [self.heading(code, language) for code in self.own_codes]
        return any(field.data or field.errors for field in fields)

    def validate(self, extra_validators: Any = None) -> bool:
        """Require a title for a rule of one's own that has any other text, and another title for each."""
        is_valid: bool = super().validate(extra_validators)
        titles: set[str | None] = set()
        for code in self.own_codes:
            others = (self.body(code, "nl"), self.heading(code, "en"), self.body(code, "en"))
            title = self.heading(code, "nl").data
            if not title and any(field.data for field in others):
                self.heading(code, "nl").errors = [str(_WRITE_FIRST)]
                is_valid = False
            elif title and title in titles:
                self.heading(code, "nl").errors = [_("Deze regel staat er al.")]
                is_valid = False
            titles.add(title)
        return is_valid

    @property
    def rules(self) -> list[HouseRule]:
        """Return the rules as typed, in order; one of the organiser's own without a title is left out."""
        codes = [*CODES, *(code for code in self.own_codes if self.heading(code, "nl").data)]
        return [
            HouseRule(
                position=position,
                code=code,
                title=self.heading(code, "nl").data or "",
                title_en=self.heading(code, "en").data or "",
                body=self.body(code, "nl").data or "",
                body_en=self.body(code, "en").data or "",
            )
            for position, code in enumerate(codes)
        ]


def _lines_of(text: str | None) -> list[str]:
    return [line for line in (text or "").splitlines() if line]


def happens(form: HouseRulesBase) -> tuple[list[str], list[str]]:
    """Return what happens, in Dutch and English, a sentence an item."""
    return _lines_of(form.happens_nl.data), _lines_of(form.happens_en.data)


_fields: dict[str, Any] = {}
for _code in (*CODES, *(f"own_{number}" for number in range(1, OWN_RULES + 1))):
    _must = [DataRequired(_WRITE_FIRST)] if _code in CODES else []
    _fields |= {
        f"{_code}_nl": _line(_l("Regel"), *_must),
        f"{_code}_body_nl": _text(_l("Uitleg"), most=600, lines=6),
        f"{_code}_en": _line(_l("Regel")),
        f"{_code}_body_en": _text(_l("Uitleg"), most=600, lines=6),
    }
HouseRulesForm: type[HouseRulesBase] = type("HouseRulesForm", (HouseRulesBase,), _fields)


def house_rules_form(rules: HouseRules, today: date) -> HouseRulesBase:
    """Return the form, filled with this version."""
    data: dict[str, Any] = {
        "seen": str(rules.version),
        "title_nl": rules.title,
        "title_en": rules.title_en,
        "intro_nl": rules.intro,
        "intro_en": rules.intro_en,
        "happens_nl": "\n".join(rules.what_happens),
        "happens_en": "\n".join(rules.what_happens_en),
        "from_day": today,
    }
    own = iter(range(1, OWN_RULES + 1))
    for rule in rules.rules:
        code = rule.code if rule.code in CODES else f"own_{next(own, OWN_RULES)}"
        data |= {
            f"{code}_nl": rule.title,
            f"{code}_en": rule.title_en,
            f"{code}_body_nl": rule.body,
            f"{code}_body_en": rule.body_en,
        }
    return HouseRulesForm(formdata=None, data=data)
