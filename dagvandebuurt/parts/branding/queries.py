"""Reading the branding: the current one for every page and mail, and those before it."""

import hashlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from flask import Flask, current_app, has_app_context, url_for
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import language
from dagvandebuurt.parts.branding import colours
from dagvandebuurt.parts.branding.hooks import names_of_the_event
from dagvandebuurt.parts.branding.models import Branding

FRESH_SECONDS = 30.0  # how long a process that hears no wake-ups may go on with the branding of before
MOST_VERSIONS = 20
OPENSEARCH_NAME_CHARS = 16


@dataclass(frozen=True)
class Look:
    """Branding without its row: what is written when it is saved. Empty means: not said."""

    name: str = ""
    name_en: str = ""
    short_name: str = ""
    tagline: str = ""
    tagline_en: str = ""
    contact_email: str = ""
    accent: str = ""
    second: str = ""
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0
    logo_alt: str = ""
    logo_has_name: bool = False
    share_picture: str = ""
    words: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)  # see `branding.words`

    @classmethod
    def of(cls, row: Branding | None) -> "Look":
        if row is None:
            return cls()
        return cls(**{each.name: getattr(row, each.name) for each in fields(Look)})


@dataclass(frozen=True)
class Brand:
    """What pages and mails show, in the language of the reader."""

    look: Look = Look()
    number: int = 0
    known_name: str = ""

    @property
    def name(self) -> str:
        """What the event is called: as organisers named it, else as the edition is, else in general."""
        look = self.look
        return (language() == "en" and look.name_en) or look.name or self.known_name or _("Buurtdag")

    @property
    def sender(self) -> str:
        """Return who signs a mail."""
        return self.look.short_name or self.name

    def sender_or(self, configured: str) -> str:
        """Return who signs a mail; what the server was told (MAIL_FROM) goes while organisers said nothing."""
        return configured if configured and not self.number else self.sender

    @property
    def tagline(self) -> str:
        return (language() == "en" and self.look.tagline_en) or self.look.tagline

    @property
    def tagline_language(self) -> str:
        return "en" if language() == "en" and self.look.tagline_en else "nl"

    @property
    def contact_email(self) -> str:
        return self.look.contact_email

    @property
    def shortest_name(self) -> str:
        """Return a name for a search engine's menu, which takes 16 characters (OpenSearch 1.1)."""
        if len(self.sender) <= OPENSEARCH_NAME_CHARS:
            return self.sender
        whole_words = self.sender[: OPENSEARCH_NAME_CHARS + 1].rpartition(" ")[0]
        return whole_words or self.sender[:OPENSEARCH_NAME_CHARS]

    @property
    def share_picture(self) -> str:
        """Return the path of the picture beside a shared link: the uploaded one, else a drawn one without
        words."""
        if self.look.share_picture:
            return url_for("files.picture", name=f"{self.look.share_picture}.jpg")
        if self.look.name:
            return url_for("branding.card")
        return url_for("static", filename="img/og.png")

    @property
    def has_own_icon(self) -> bool:
        return bool(self.look.logo or self.look.accent)

    @property
    def accent(self) -> str:
        return self.look.accent or colours.ACCENT

    @property
    def second(self) -> str:
        return self.look.second or colours.SECOND

    @property
    def has_colours(self) -> bool:
        return bool(self.look.accent or self.look.second)

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all of it, for addresses and cached pages."""
        told = repr((self.look, self.known_name))
        return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()


class BrandCache:
    """The current branding of one app. Read twice a minute at most, and at once after a change here."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._brand: Brand | None = None
        self._read_at = 0.0
        self._generation = 0

    def get(self) -> Brand:
        brand, generation = self._brand, self._generation
        if brand is not None and time.monotonic() - self._read_at < FRESH_SECONDS:
            return brand
        try:
            found = _read()
        except SQLAlchemyError:
            return brand or Brand()  # the page that says so still has a name
        with self._lock:
            if generation == self._generation:
                self._brand, self._read_at = found, time.monotonic()
        return found

    def forget(self) -> None:
        with self._lock:
            self._generation += 1
            self._brand = None


def _read() -> Brand:
    with db.session.no_autoflush:
        row = newest()
        look = Look.of(row)
        known = "" if look.name else next((name for name in names_of_the_event() if name), "")
        return Brand(look, row.number if row else 0, known)


def newest() -> Branding | None:
    """Return the current row, or None while nobody saved one."""
    return db.session.scalar(select(Branding).order_by(Branding.number.desc()).limit(1))


def versions() -> Sequence[Branding]:
    """Return the newest rows, the current one first."""
    return db.session.scalars(select(Branding).order_by(Branding.number.desc()).limit(MOST_VERSIONS)).all()


def version(number: int) -> Branding | None:
    return db.session.scalar(select(Branding).where(Branding.number == number))


def cache() -> BrandCache:
    """Return the cache of this app."""
    found = current_app.extensions.setdefault("brand", BrandCache())
    assert isinstance(found, BrandCache)
    return found


def current() -> Brand:
    """Return the current branding."""
    return cache().get() if has_app_context() else Brand()


brand: Brand = LocalProxy(current)  # type: ignore[assignment]


def init_app(app: Flask) -> None:
    """Let every template, also one of a mail, say `brand.name`."""
    app.jinja_env.globals["brand"] = brand
