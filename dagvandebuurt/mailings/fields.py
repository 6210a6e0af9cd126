"""Fields in the text of a mailing, as {naam}: which there are, and what is wrong with those that are typed."""

import re
from collections.abc import Iterable, Mapping

from dagvandebuurt.core.i18n import gettext as _

# Each field, and the English word for it.
FIELDS = {"naam": "name", "evenement": "event", "datum": "date", "sessies": "sessions"}
_KNOWN = {**{name: name for name in FIELDS}, **{english: name for name, english in FIELDS.items()}}
_FIELD = re.compile(r"\{([^{}\n]{0,40})\}")


def mistake_in(text: str) -> str | None:
    """Return in a sentence what is wrong with the fields of `text`: one that is unknown, or a loose brace."""
    among = _listed(FIELDS)
    for typed in _FIELD.findall(text):
        if typed.strip().casefold() not in _KNOWN:
            shown = f"{{{typed}}}"
            return _(
                "Het veld %(typed)s kennen we niet. Je kunt kiezen uit: %(among)s.", typed=shown, among=among
            )
    left = _FIELD.sub("", text)
    if "{" in left or "}" in left:
        return _(
            "Er staat een losse %(first)s of %(last)s. Een veld schrijf je zo: %(among)s.",
            first="{",
            last="}",
            among=among,
        )
    return None


def fields_in(*texts: str) -> set[str]:
    """Return the known fields that are used."""
    return {_KNOWN[typed] for text in texts for typed in map(_key, _FIELD.findall(text)) if typed in _KNOWN}


def filled(text: str, values: Mapping[str, str]) -> str:
    """Fill the fields in, in one pass: braces in a name stay what they are."""
    return _FIELD.sub(lambda found: values.get(_KNOWN.get(_key(found[1]), ""), found[0]), text)


def _key(typed: str) -> str:
    return typed.strip().casefold()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
