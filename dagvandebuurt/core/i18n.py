"""Dutch as written in the source, English by choice. Works in pages, live events and jobs alike."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.messages import mofile, pofile
from babel.support import NullTranslations, Translations
from flask import Flask

from dagvandebuurt.core import clock

LANGUAGES = {"nl": "Nederlands", "en": "English"}
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"

_language: ContextVar[str] = ContextVar("language", default="nl")


def offered() -> dict[str, str]:
    """The languages a visitor can choose: Dutch, and what has a catalogue. Half a language is none."""
    return {
        code: name
        for code, name in LANGUAGES.items()
        if code == "nl" or (TRANSLATIONS / f"{code}.po").exists()
    }


def language() -> str:
    """The language people read now: a key of LANGUAGES."""
    return _language.get()


def speak(code: str | None) -> None:
    """Speak `code` from here on in this request or job; anything unknown means Dutch."""
    _language.set(code if code in LANGUAGES else "nl")


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Speak `code` inside: a mail goes out in the language of who reads it."""
    token = _language.set(code if code in LANGUAGES else "nl")
    try:
        yield
    finally:
        _language.reset(token)


@cache
def catalogue(code: str) -> NullTranslations:
    """The translations of `code`, compiled in memory from the `.po` file people edit."""
    path = TRANSLATIONS / f"{code}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        messages = pofile.read_po(source, locale=code)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(fp=compiled)


def gettext(text: str, **values: Any) -> str:
    """`text` in the reader's language, with `%(name)s` filled in."""
    found = catalogue(language()).gettext(text)
    return str(found % values) if values else str(found)


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """Singular or plural by `num`, which is also available as `%(num)s`."""
    return str(str(catalogue(language()).ngettext(one, many, num)) % {"num": num, **values})


class LazyText:
    """A text that waits with its language until somebody reads it."""

    def __init__(self, text: str, **values: Any) -> None:
        self._text, self._values = text, values

    def __str__(self) -> str:
        return gettext(self._text, **self._values)

    def __mod__(self, values: Any) -> str:
        return str(str(self) % values)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return f"LazyText({self._text!r})"


def lazy(text: str, **values: Any) -> Any:
    """For words that are written down before anybody asked for them: labels, error sentences."""
    return LazyText(text, **values)


_ = gettext


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]


def in_words(moment: datetime) -> str:
    """`moment` on the clock of Amsterdam, as one would say it; plain text, for mails and sentences."""
    pattern = "EEEE d MMMM y, HH:mm" if language() == "en" else "EEEE d MMMM y 'om' HH.mm 'uur'"
    return format_datetime(clock.local(moment), pattern, locale=language())


def on_day(day: date) -> str:
    """A date as one would say it; plain text, for mails and sentences."""
    return format_date(day, "EEEE d MMMM y", locale=language())
