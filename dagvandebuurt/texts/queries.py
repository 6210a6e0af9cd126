"""Reading the texts of the site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from dagvandebuurt.core import i18n
from dagvandebuurt.core.db import db
from dagvandebuurt.core.markdown import Section, rendered, sections_of
from dagvandebuurt.texts.models import SiteTextVersion
from dagvandebuurt.texts.site_pages import ACCESS_MEANS, ACCESS_STATUS, BY_CODE, SitePage, standard_of


@dataclass(frozen=True)
class Shown:
    """One field in the reader's language; `lang` is the language it is written in."""

    text: str
    lang: str

    @property
    def sections(self) -> list[tuple[Section, Markup]]:
        """Return the parts below each heading, and the HTML of each."""
        return [(part, rendered(part.body)) for part in sections_of(self.text)]


@dataclass(frozen=True)
class PageText:
    """The text of a page: what was written, over the standard text. `made_at` is None for the standard one."""

    page: SitePage
    number: int
    made_at: datetime | None
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> Shown:
        field = next(each for each in self.page.fields if each.name == name)
        if field.is_shared:
            return Shown(self.values[name], "nl")
        dutch, english = (self.values[key] for key in field.keys)
        found = i18n.written(dutch, english)
        return Shown(found.text, found.lang)

    def day(self, name: str) -> date | None:
        return date.fromisoformat(self.values[name]) if self.values[name] else None

    @property
    def verdict(self) -> tuple[str, str]:
        """Return how far the site meets the standard of accessibility: in short, and in a sentence."""
        status = self.values["status"]
        return str(ACCESS_STATUS[status]), str(ACCESS_MEANS[status])


def shown(code: str) -> PageText:
    """Return the text of this page as everybody reads it."""
    page = BY_CODE[code]
    version = newest(page)
    return text_of(page, version)


def text_of(page: SitePage, version: SiteTextVersion | None) -> PageText:
    """Return the text of a version; None is the standard text."""
    if version is None:
        return PageText(page, 0, None, standard_of(page))
    return PageText(page, version.number, version.made_at, with_standard(page, version.content))


def with_standard(page: SitePage, content: Mapping[str, Any]) -> dict[str, str]:
    """Return every value of a page: of the content where it has one, else the standard text."""
    return {key: str(content.get(key, text)) for key, text in standard_of(page).items()}


def newest(page: SitePage) -> SiteTextVersion | None:
    return db.session.scalar(
        select(SiteTextVersion)
        .where(SiteTextVersion.page == page.code)
        .order_by(SiteTextVersion.number.desc())
        .limit(1)
        .options(joinedload(SiteTextVersion.made_by))
    )


def versions_of(page: SitePage) -> Sequence[SiteTextVersion]:
    """Return the versions of a page, newest first."""
    return db.session.scalars(
        select(SiteTextVersion)
        .where(SiteTextVersion.page == page.code)
        .order_by(SiteTextVersion.number.desc())
        .options(joinedload(SiteTextVersion.made_by))
    ).all()


def version_of(page: SitePage, number: int) -> SiteTextVersion | None:
    return db.session.scalar(
        select(SiteTextVersion)
        .where(SiteTextVersion.page == page.code, SiteTextVersion.number == number)
        .options(joinedload(SiteTextVersion.made_by))
    )


def newest_of_each() -> dict[str, SiteTextVersion]:
    """Return the newest version of each page that somebody wrote, by page."""
    found = db.session.scalars(
        select(SiteTextVersion).order_by(SiteTextVersion.number).options(joinedload(SiteTextVersion.made_by))
    )
    return {version.page: version for version in found}


def as_text(page: SitePage, content: Mapping[str, Any] | None) -> str:
    """Return a whole version as one readable text, for comparing two."""
    lines: list[str] = []
    for field in page.fields:
        for key in field.keys:
            value = str((content or {}).get(key) or standard_of(page)[key])
            label = str(field.label) if field.is_shared else f"{field.label} ({key[-2:]})"
            lines += [f"{label}:", value, ""]
    return "\n".join(lines).strip()
