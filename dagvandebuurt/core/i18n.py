"""Internationalisation: Dutch in the source, English from a catalogue. Works in pages, live events and jobs
alike."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages import mofile, pofile
from babel.support import NullTranslations, Translations
from flask import Flask

from dagvandebuurt.core import clock

LANGUAGES = {"nl": "Nederlands", "en": "English"}
TRANSLATIONS = Path(__file__).resolve().parent.parent / "translations"

_language: ContextVar[str] = ContextVar("language", default="nl")


def offered() -> dict[str, str]:
    """Return the languages to choose from: Dutch, and those with a complete catalogue."""
    return {
        code: name
        for code, name in LANGUAGES.items()
        if code == "nl" or (TRANSLATIONS / f"{code}.po").exists()
    }


def language() -> str:
    """Return the current reader's language: a key of LANGUAGES."""
    return _language.get()


def of_browser(accepted: Iterable[str]) -> str:
    """Return the language for a first visit, from those that the browser asks for, the best first.

    Dutch wherever it is among them: the day is in Dutch. Otherwise English, also for browsers that have neither: more people
    read it.
    """
    codes = [code.partition("-")[0].lower() for code in accepted if code[:1].isalpha()]
    is_dutch = not codes or "nl" in codes or "en" not in offered()
    return "nl" if is_dutch else "en"


def speak(code: str | None) -> None:
    """Set the language of this request or job to `code`; anything unknown means Dutch."""
    _language.set(code if code in LANGUAGES else "nl")


@contextmanager
def speaking(code: str | None) -> Iterator[None]:
    """Use language `code` inside the block: a mail is written in its recipient's language."""
    token = _language.set(code if code in LANGUAGES else "nl")
    try:
        yield
    finally:
        _language.reset(token)


@cache
def catalogue(code: str) -> NullTranslations:
    """Return the translations of `code`, compiled in memory from the editable `.po` file."""
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
    """Translate `text` to the reader's language, with `%(name)s` filled in."""
    found = catalogue(language()).gettext(text)
    return str(found % values) if values else str(found)


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """Translate the singular or plural by `num`, which is also available as `%(num)s`."""
    return str(str(catalogue(language()).ngettext(one, many, num)) % {"num": num, **values})


def _unfilled_plural(one: str, many: str, num: int) -> str:
    """Translate for templates: Jinja fills in the values itself, escaped, and would find none left."""
    return str(catalogue(language()).ngettext(one, many, num))


@dataclass(frozen=True)
class Words:
    """A text in a reader's language where there is one, and the language that it is in."""

    text: str
    lang: str


def written(dutch: str, english: str) -> Words:
    """Return the text for the reader: English when that is asked for and there is any, else Dutch."""
    return Words(english, "en") if language() == "en" and english else Words(dutch, "nl")


def said(thing: Any, name: str) -> Words:
    """Return the text `name` of a row that has it in Dutch, and in English as `name`_en."""
    return written(getattr(thing, name), getattr(thing, f"{name}_en"))


class LazyText:
    """Lazily translated string: the language is chosen when it is rendered."""

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
    """Mark a text for lazy translation: labels and error messages defined at import time."""
    return LazyText(text, **values)


_ = gettext


def init_app(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, _unfilled_plural, newstyle=True)  # type: ignore[attr-defined]


def language_name(code: str) -> str:
    """Return what a language is called in the reader's, for a text that is not in Dutch; empty for Dutch."""
    return "" if code == "nl" else str(Locale(code).get_language_name(language()))


def in_words(moment: datetime) -> str:
    """Format `moment` in Amsterdam time as spoken Dutch or English; plain text, for mails and sentences."""
    pattern = "EEEE d MMMM y, HH:mm" if language() == "en" else "EEEE d MMMM y 'om' HH.mm 'uur'"
    return format_datetime(clock.local(moment), pattern, locale=language())


def hour(moment: datetime) -> str:
    """Format the time of `moment` in Amsterdam: 15.20 in Dutch, 15:20 in English."""
    return clock.local(moment).strftime("%H:%M" if language() == "en" else "%H.%M")


def on_day(day: date) -> str:
    """Format a date as spoken Dutch or English; plain text, for mails and sentences."""
    return format_date(day, "EEEE d MMMM y", locale=language())


def short_day(day: date) -> str:
    """Format a date without its weekday; plain text, for mails and lists."""
    return format_date(day, "d MMMM y", locale=language())
