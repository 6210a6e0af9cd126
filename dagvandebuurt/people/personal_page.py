"""*Mijn dag* and the settings: a registry of parts contributed by sections, and the list of settings pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from flask import url_for

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.people.hooks import PersonalPage, personal_page_sections


@dataclass(frozen=True)
class SettingsPage:
    """A page of settings. `moved_here` are fragments of parts that stood on `/mijn` before: old links and
    bookmarks with one of them arrive at the line that leads here."""

    page: PersonalPage
    title: Any
    about: Any
    moved_here: tuple[str, ...]

    @property
    def path(self) -> str:
        return settings_path(self.page)


SETTINGS = (
    SettingsPage(
        PersonalPage.ABOUT,
        _l("Over mij"),
        _l("Je naam, je buurt, en wat je nodig hebt om mee te doen."),
        ("over-mij", "antwoorden"),
    ),
    SettingsPage(
        PersonalPage.REGISTRATION,
        _l("Aanmelding en bewijs"),
        _l("Kom je toch niet? Sta je op de lijst? Je bewijs van deelname."),
        ("aanmelding", "bewijs", "lijst"),
    ),
    SettingsPage(
        PersonalPage.MAIL,
        _l("Mail en agenda"),
        _l("Waarover we je mailen, en je programma in je eigen agenda."),
        ("berichten", "mail", "kalender"),
    ),
    SettingsPage(
        PersonalPage.LOGIN,
        _l("Inloggen"),
        _l("Een wachtwoord, een code van je telefoon, en waar je bent ingelogd."),
        ("wachtwoord",),
    ),
    SettingsPage(
        PersonalPage.DATA,
        _l("Mijn gegevens"),
        _l("Lees wat we van je weten, haal het op, of laat alles wissen."),
        ("gegevens", "open"),
    ),
)


def settings_path(page: PersonalPage, part: str | None = None) -> str:
    """Return the address of a page of settings; `part` is the fragment of a part of it."""
    return url_for("people.settings_page", page=page.value, _anchor=part)


def sections_for(actor: Any, page: PersonalPage) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (template, context) of each part of this page, in order."""
    sections = [each for there in personal_page_sections() for each in there if each.page is page]
    found = [(each.template, each.context(actor)) for each in sorted(sections, key=attrgetter("order"))]
    return [(template, context) for template, context in found if context is not None]
