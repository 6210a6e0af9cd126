"""Input validation: `PageForm` for pages, `Act` (pydantic) for live events and the plain forms beside them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Self
from uuid import UUID

from flask_wtf import FlaskForm
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from wtforms.i18n import get_translations

from dagvandebuurt.core import i18n
from dagvandebuurt.core.errors import InvalidInput, RuleBroken
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.text import clean_text, length, one_line


class PageForm(FlaskForm):
    """WTForms base for pages. Its built-in messages are Dutch or English, like the page."""

    refused: RuleBroken | None = None  # why its input was not accepted, when the command said so

    class Meta:
        def get_translations(self, _form: Any) -> Any:
            return get_translations([i18n.language()])


def _uuid(value: Any) -> UUID:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or len(value) != 36:
        raise ValueError("not an id")
    return _read_uuid(value)


_read_uuid = lru_cache(maxsize=4096)(UUID)  # a full hall sends the same few ids thousands of times


Id = Annotated[UUID, BeforeValidator(_uuid)]
OpId = Annotated[str, StringConstraints(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


def text_of(most: int, *, lines: int = 12, least: int = 1) -> Any:
    """Return a field type for free text of at most `most` visible characters, cleaned on input."""

    def check(value: str) -> str:
        cleaned = clean_text(value, lines=lines) if lines > 1 else one_line(value)
        if length(cleaned) < least:
            raise PydanticCustomError("text_empty", "empty")
        if length(cleaned) > most:
            raise PydanticCustomError("text_too_long", "too long", {"most": most})
        return cleaned

    # The raw length limit comes first, so that a megabyte is not cleaned character by character.
    return Annotated[str, StringConstraints(max_length=most * 16), AfterValidator(check)]


class Act(BaseModel):
    """Base of the payload of a live event. Strict: `"true"` is no boolean, an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @classmethod
    def from_message(cls, message: Mapping[str, Any]) -> Self:
        """Parse a message. Raises InvalidInput, with a sentence for each field, for any other shape."""
        try:
            return cls.model_validate(message)
        except ValidationError as broken:
            raise InvalidInput(sentences(broken)) from None

    @classmethod
    def from_page(cls, fields: Mapping[str, str]) -> Self:
        """Parse the same act from a plain HTML form, where all values are text: `on` is true, `""` is None."""
        values: dict[str, Any] = {}
        for name, field in cls.model_fields.items():
            if field.annotation is bool:
                values[name] = fields.get(name) in ("on", "1", "true")
            elif name in fields and (fields[name] != "" or field.is_required()):
                values[name] = fields[name]
        return cls.from_message(values)


def with_numbers(fields: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Convert these `fields` of a plain form to integers; other values stay as they are and fail validation.
    An empty one is left out."""
    read = dict(fields)
    for name in names:
        value = read.get(name)
        if value == "":
            del read[name]
        elif isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
            read[name] = int(value)
    return read


_SENTENCES = {
    "missing": _l("Dit ontbreekt."),
    "extra_forbidden": _l("Dit veld hoort hier niet."),
    "text_empty": _l("Schrijf hier eerst iets op."),
    "string_type": _l("Dit moet tekst zijn."),
    "string_too_short": _l("Dit is te kort."),
    "bool_type": _l("Dit moet ja of nee zijn."),
    "enum": _l("Kies een van de mogelijkheden."),
    "literal_error": _l("Kies een van de mogelijkheden."),
}


def sentences(broken: ValidationError) -> dict[str, list[str]]:
    """Map each field to its error messages, which never repeat the value."""
    fields: dict[str, list[str]] = {}
    for error in broken.errors(include_url=False, include_input=False):
        name = str(error["loc"][0]) if error["loc"] else "message"
        kind = error["type"]
        if kind == "text_too_long":
            sentence = i18n.gettext("Houd het bij %(most)d tekens.", most=error["ctx"]["most"])
        elif kind == "string_too_long":
            sentence = i18n.gettext("Dit is te lang.")
        else:
            sentence = str(_SENTENCES.get(kind, _l("Dit klopt niet.")))
        fields.setdefault(name[:64], []).append(sentence)
    return fields
