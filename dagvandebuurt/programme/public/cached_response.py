"""Cached programme pages as HTTP responses: shared fragments, personal fragments, ETag and 304."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response, g, render_template, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import escape
from sqlalchemy import ScalarSelect, select

from dagvandebuurt.core import clock, i18n
from dagvandebuurt.core.archiving import is_for_archive
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.people.access.login import along_here
from dagvandebuurt.people.hooks import LoginColumn
from dagvandebuurt.people.models import Dissolution
from dagvandebuurt.people.queries import apart, ending, joined, remember_ending
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.programme.photos.models import SpeakerPhoto
from dagvandebuurt.programme.preview import previewed, shown_instead
from dagvandebuurt.programme.public.page_cache import Page, gap, page_cache
from dagvandebuurt.programme.public.published import Day, next_of
from dagvandebuurt.programme.queries import FIRST_OF_ALL

INDEX = "programme.index"
OF_YEAR = "programme.of_year"
PAGES = (
    INDEX,
    OF_YEAR,
    "programme.speakers",
    "programme.speaker",
    "programme.organisations",
    "programme.organisation",
)
HAS_A_PLACE = "confirmed"  # how `registration` writes a confirmed place
FULL = "full"


def _newest(column: Any) -> ScalarSelect[Any]:
    return select(column).where(Edition.is_open).order_by(*FIRST_OF_ALL).limit(1).scalar_subquery()


def _edition_id(_person_id: Any) -> ScalarSelect[Any]:
    return _newest(Edition.id)


def _version(_person_id: Any) -> ScalarSelect[Any]:
    return _newest(Edition.programme_version)


def _years(_person_id: Any) -> ScalarSelect[Any]:
    """Return the years that have a programme."""
    found: ScalarSelect[Any] = joined(Edition.year, Edition.slug).where(Edition.is_open).scalar_subquery()
    return found


def years_here() -> tuple[tuple[int, str | None], ...]:
    """Return those, newest first: (year, slug). None where a year has one edition."""
    found = sorted(((int(year), slug) for year, slug in apart(along_here()["years"])), reverse=True)
    years = Counter(year for year, _slug in found)
    return tuple((year, slug if years[year] > 1 else None) for year, slug in found)


def _full(_person_id: Any) -> ScalarSelect[Any]:
    """Return the sessions without a place left: that changes without a new version."""
    found: ScalarSelect[Any] = (
        joined(ProgrammeSession.id)
        .where(
            ProgrammeSession.edition_id == _newest(Edition.id),
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.taken >= ProgrammeSession.capacity,
        )
        .scalar_subquery()
    )
    return found


def _ends_at(_person_id: Any) -> ScalarSelect[Any]:
    return select(Dissolution.due_at).scalar_subquery()


def _ended_at(_person_id: Any) -> ScalarSelect[Any]:
    return select(Dissolution.begun_at).scalar_subquery()


def _photos(_person_id: Any) -> ScalarSelect[Any]:
    """Return which photos of speakers there are: they come and go without a new version."""
    found: ScalarSelect[Any] = joined(
        select(SpeakerPhoto.id).order_by(SpeakerPhoto.id).subquery().c.id
    ).scalar_subquery()
    return found


def _speaks_until(_person_id: Any) -> ScalarSelect[Any]:
    """Return until when the organisers tell everybody something: that changes without a new version."""
    return _newest(Edition.broadcasts_until)


def _alarms_until(_person_id: Any) -> ScalarSelect[Any]:
    """Return until when an alarm may concern a reader: that changes without a new version."""
    return _newest(Edition.dangers_until)


def read_along() -> list[LoginColumn]:
    """Return what the pages of the programme read in the query that finds who is logged in."""
    return [
        LoginColumn("edition", PAGES, _edition_id),
        LoginColumn("version", PAGES, _version),
        LoginColumn("years", (INDEX, OF_YEAR), _years),
        LoginColumn("full", (INDEX,), _full),
        LoginColumn("photos", ("programme.speakers",), _photos),
        LoginColumn("ends_at", PAGES, _ends_at),
        LoginColumn("ended_at", PAGES, _ended_at),
        LoginColumn("speaks_until", PAGES, _speaks_until),
        LoginColumn("alarms_until", PAGES, _alarms_until),
    ]


def day_here() -> Day | None:
    """Return the published programme of the public edition; None without editions."""
    shown = shown_instead()
    if shown is not None:
        return day_of(shown)
    along = along_here()
    if along["edition"] is None:
        return None
    day = page_cache().day(along["edition"], along["version"])
    g.edition = day.edition  # what the page frame shows of it
    g.broadcasts_until = along["speaks_until"]  # this edition of a cached day may know an earlier one
    g.dangers_until = along["alarms_until"]
    return day


def day_of(edition: Edition) -> Day:
    """Return the published programme of another edition."""
    day = page_cache().day(edition.id, edition.programme_version)
    g.edition, g.broadcasts_until = day.edition, edition.broadcasts_until
    g.dangers_until = edition.dangers_until
    return day


def answer(day: Day, template: str, asked: Any, context: Callable[[datetime], Mapping[str, Any]]) -> Response:
    """Render the page for this reader from the cache.

    `asked` is what, besides the programme, the page depends on; `context` returns what its template shows at
    a moment.
    """
    along = along_here()
    remember_ending(along["ends_at"], along["ended_at"])
    now = clock.now()
    epoch = day.epoch_at(now)
    shown = (i18n.language(), previewed() is not None, is_for_archive(), ending(), brand.fingerprint)
    key = (request.endpoint, day.edition.id, day.version, epoch, asked, shown)
    page = page_cache().page(key, lambda: _made(template, day, now, context))
    standing = _standing()
    time = i18n.hour(now) if "time" in page.between else ""
    said = bool(session.get("_flashes"))
    speaks = any(until is not None and until > now for until in (g.broadcasts_until, g.dangers_until))
    messages = render_template("_messages.html") if said or speaks else ""
    etag = _etag((key, "" if said else messages), standing, time)
    if not said and _has_it(etag):
        return _headed(Response(status=304), f"{etag}-{_token_fingerprint()}")
    values = {f"choice:{session_id}": page.tags.get(how, "") for session_id, how in standing.items()}
    values |= {"self": _frame("_self.html"), "work": _frame("_work.html")}
    if "token" in page.between:
        values["token"] = generate_csrf()
    values["messages"] = messages
    if time:
        values |= {
            "time": time,
            "moment": now.isoformat(timespec="seconds"),
            "mine": _mine(day, standing, now),
        } | {name: _past(name, now) for name in page.between if name.startswith("past:")}
    response = _headed(Response(page.filled(values), mimetype="text/html"), f"{etag}-{_token_fingerprint()}")
    if said:
        response.headers["Cache-Control"] = "private, no-store"  # warn once
    return response


def _made(template: str, day: Day, now: datetime, context: Callable[[datetime], Mapping[str, Any]]) -> Page:
    html = render_template(template, day=day, gap=gap, at=now, **context(now))
    tags = {how: render_template("programme/_choice.html", how=how) for how in
            (HAS_A_PLACE, "waitlisted", "offered", FULL)}  # fmt: skip
    return Page.of(html, tags)


def _frame(template: str) -> str:
    """Return a part of the header that differs by reader: cached by roles, with the name filled in."""
    roles = (
        (current_user.has_account, frozenset((role, scope is None) for role, scope in current_user.grants))
        if current_user.is_authenticated
        else None
    )
    key = (template, i18n.language(), roles, request.endpoint)
    page = page_cache().page(key, lambda: Page.of(render_template(template, gap=gap)))
    address = escape(request.full_path.rstrip("?"))
    return page.filled({"name": escape(current_user.name), "token": generate_csrf(), "address": address})


def _standing() -> dict[UUID, str]:
    """Map sessions to the reader's place in them; without one, to whether they are full."""
    along = along_here()
    found = {UUID(session_id): FULL for (session_id,) in apart(along.get("full"))}
    found |= {UUID(session_id): how for session_id, how in apart(along.get("choices"))}
    return found


def _mine(day: Day, standing: Mapping[UUID, str], now: datetime) -> str:
    """Return the link to the reader's session that is open, or opens next."""
    item = next_of([item for item in day.items if standing.get(item.id) == HAS_A_PLACE], now)
    return render_template("programme/_mine.html", item=item, phase=item.phase_at(now)) if item else ""


def _past(name: str, now: datetime) -> str:
    """Return the percentage of a time that is past, from the name of its gap."""
    begins, ends = map(int, name.split(":")[1:])
    return f"{min(max((now.timestamp() - begins) / (ends - begins), 0), 1) * 100:.1f}"


def _etag(*parts: Any) -> str:
    """Calculate the fingerprint (ETag) of a page for a reader. It holds no clock time, only what is shown of
    it.
    """
    own = (
        (current_user.name, sorted(map(str, current_user.grants))) if current_user.is_authenticated else None
    )
    told = repr((parts[0], sorted(parts[1].items()), parts[2], own))
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def _token_fingerprint() -> str:
    """Return a fingerprint of the CSRF token in the header, which belongs to one browser."""
    return hashlib.blake2b(str(session.get("csrf_token", "")).encode(), digest_size=6).hexdigest()


def _has_it(etag: str) -> bool:
    """Tell whether the browser has this page (If-None-Match). Without cookies it has no token that could
    match.
    """
    if "csrf_token" in session:
        return request.if_none_match.contains_weak(f"{etag}-{_token_fingerprint()}")
    return any(tag.startswith(etag) for tag in request.if_none_match.as_set(include_weak=True))


def _headed(response: Response, tag: str) -> Response:
    # Private to this browser, and revalidated each time: 304 where nothing changed.
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Cookie", "Accept-Language"))
    response.set_etag(tag, weak=True)
    return response
