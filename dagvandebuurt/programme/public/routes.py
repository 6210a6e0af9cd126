"""Public routes of the programme."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.hooks import merged
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import in_words, on_day, speaking
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.schema_org import as_script
from dagvandebuurt.extensions import limiter
from dagvandebuurt.parts.branding.cards import RATE, card_response
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.parts.faces.facades import facade
from dagvandebuurt.parts.faces.faces import face
from dagvandebuurt.people.access.login import along_here
from dagvandebuurt.programme import labels
from dagvandebuurt.programme.calendar import links
from dagvandebuurt.programme.calendar.ical import (
    ALARM_MINUTES,
    as_download,
    calendar_response,
    whole_programme,
)
from dagvandebuurt.programme.hooks import session_page_views
from dagvandebuurt.programme.models import Edition, Phase, ProgrammeSession, SessionStatus
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.photos.permissions import PhotoOf, PhotoPermission
from dagvandebuurt.programme.photos.queries import all_photos, photos_of
from dagvandebuurt.programme.public.cached_response import answer, day_here, day_of, years_here
from dagvandebuurt.programme.public.filters import Wanted, active, choices_of, found_of
from dagvandebuurt.programme.public.json_ld import session_event
from dagvandebuurt.programme.public.people import InIt, organisations_in, speakers_in
from dagvandebuurt.programme.public.published import Day, Item, Who
from dagvandebuurt.programme.public.scene import scene_of
from dagvandebuurt.programme.public.timetable import LINES_AT_HAND, days_of
from dagvandebuurt.programme.queries import (
    by_year,
    closed_edition,
    code_of,
    current_edition,
    edition_of_year,
    for_a_calendar,
    organisation_by_code,
    programme_path,
    session_by_slug,
    sessions_after,
    sessions_elsewhere,
    sessions_for,
    speaker_by_code,
    speakers_of,
)
from dagvandebuurt.programme.stage.view import recordings_to_show

bp = Blueprint("programme", __name__)


@bp.get("/programma")
@allows(ProgrammePermission.READ)
def index() -> ResponseReturnValue:
    """Show the programme as published, also to its editors."""
    day = day_here()
    if day is None:
        return render_template("frontdoor/no_edition.html", closed=closed_edition())
    return _index(day)


@bp.get("/programma/<int:year>")
@allows(ProgrammePermission.READ)
def of_year(year: int) -> ResponseReturnValue:
    """Show the programme of one year, a permanent address."""
    slug = request.args.get("editie")
    return _index(day_of(edition_of_year(year, slug)), year, slug)


def _index(day: Day, year: int | None = None, slug: str | None = None) -> ResponseReturnValue:
    wanted = Wanted.from_address(request.args)
    years = years_here()
    return answer(
        day,
        "programme/index.html",
        (wanted, years, slug),
        lambda at: _programme(day, wanted, at, years, (year, slug)),
    )


def _programme(
    day: Day, wanted: Wanted, at: datetime, years: tuple[Any, ...], of: tuple[int | None, str | None]
) -> Mapping[str, Any]:
    def here(**address: Any) -> str:
        year, slug = of
        where: dict[str, Any] = {"year": year, "editie": slug} if year else {}
        return str(url_for(".of_year" if year else ".index", **where, **address))

    found = found_of(day, wanted)
    now_on, up_next = day.now_and_next(at)
    days = days_of(day, found)
    year, slug = of
    whole_calendar = (
        url_for(".calendar") if year is None else url_for(".calendar_of_year", year=year, editie=slug)
    )
    return {
        "labels": labels,
        "calendar_links": links,
        "whole_calendar": whole_calendar,
        "here": here,
        "years": years,
        "wanted": wanted,
        "choices": choices_of(day, wanted),
        "active": active(day, wanted),
        "found": found,
        "days": days,
        "card": (brand.look.share_picture and brand.share_picture)
        or url_for(".card_of_year", year=day.edition.year, editie=day.edition.slug),
        "many_lines": any(
            lane.block.lines > LINES_AT_HAND for _on, bands in days for band in bands for lane in band.lanes
        ),
        "shows_clock": day.has_clock_at(at),
        "now_on": now_on,
        "up_next": up_next,
    }


def _sessions(edition: Edition) -> list[ProgrammeSession]:
    query = sessions_for(current_user).where(ProgrammeSession.edition_id == edition.id)
    return list(db.session.scalars(for_a_calendar(query)))


@bp.get("/sprekers")
@allows(ProgrammePermission.READ)
def speakers() -> ResponseReturnValue:
    return _everybody(_("Sprekers"), speakers_in, ".speaker", "face")


@bp.get("/organisaties")
@allows(ProgrammePermission.READ)
def organisations() -> ResponseReturnValue:
    return _everybody(_("Organisaties"), organisations_in, ".organisation", "facade")


def _everybody(
    title: str, people_in: Callable[[Day], list[InIt]], one: str, drawn: str
) -> ResponseReturnValue:
    """Render a list by name; `one` is the endpoint of each, `drawn` what stands for them."""
    day = day_here()
    if day is None:
        raise NotFound
    shown = {"title": title, "one": one, "drawn": drawn}
    photos = along_here().get("photos")  # another photo is another page
    return answer(
        day,
        "programme/people.html",
        photos or "",
        lambda _at: shown | {"people": people_in(day), "photos": all_photos() if photos else {}},
    )


@bp.get("/sprekers/<code>")
@allows(ProgrammePermission.READ)
def speaker(code: str) -> ResponseReturnValue:
    """Show a speaker. Speakers in unpublished sessions only are not found."""
    items, found = _items(lambda who: who.code == code), speaker_by_code(code)
    earlier = by_year(sessions_elsewhere([found.id], current_edition()))
    return render_template(
        "programme/speaker.html",
        speaker=found,
        face=face(found.code),
        photo=photos_of([found]).get(found.code),
        may_arrange=can(current_user, PhotoPermission.PLACE, PhotoOf(found)),
        items=items,
        earlier=earlier,
    )


@bp.get("/organisaties/<code>")
@allows(ProgrammePermission.READ)
def organisation(code: str) -> ResponseReturnValue:
    items, found = _items(lambda who: who.organisation_code == code), organisation_by_code(code)
    people = speakers_of(found)
    return render_template(
        "programme/organisation.html",
        organisation=found,
        facade=facade(found.code),
        face=face,
        speakers=people,
        photos=photos_of(people),
        items=items,
        earlier=by_year(sessions_elsewhere([each.id for each in people], current_edition())),
    )


def _items(is_wanted: Callable[[Who], bool]) -> list[Item]:
    """Return the sessions of this programme in which any of these takes part."""
    day = day_here()
    held = day.items if day is not None else ()
    return [item for item in held if any(map(is_wanted, item.speakers + item.hosts))]


@bp.get("/programma.ics")
@allows(ProgrammePermission.READ)
def calendar() -> ResponseReturnValue:
    """Return the whole programme as a file or feed."""
    edition = current_edition()
    if edition is None:
        return calendar_response(brand.name, [], filename="programma.ics")
    whole = whole_programme(edition, lambda: _sessions(edition), alarm=_wants_alarm())
    return as_download(whole, filename="programma.ics")


@bp.get("/programma/<int:year>.ics")
@allows(ProgrammePermission.READ)
def calendar_of_year(year: int) -> ResponseReturnValue:
    """Return the programme of one year as a file or feed, at a permanent address."""
    edition = edition_of_year(year, request.args.get("editie"))
    whole = whole_programme(edition, lambda: _sessions(edition), alarm=_wants_alarm(), path=request.path)
    return as_download(whole, filename=f"programma-{edition.slug}.ics")


def _wants_alarm() -> bool:
    return request.args.get("herinnering") == str(ALARM_MINUTES)


@bp.get("/sessies/<slug>")
@allows(ProgrammePermission.READ)
def show(slug: str) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    phase = session.phase_at(clock.now())
    return render_template(
        "programme/show.html",
        labels=labels,
        face=face,
        calendar_links=links,
        whole_calendar=None,
        programme_path=programme_path(session),
        spoken=list(map(labels.language_in_words, session.languages)),
        interpreted=list(map(labels.language_in_words, session.interpreters)),
        kind=labels.kind_in_words(session),
        place=labels.place_in_words(session),
        code=code_of(session),
        recorded=recordings_to_show(session),
        beside=merged(session_page_views(session)),
        session=session,
        scene=scene_of(session),
        photos=photos_of({*session.speakers, *session.hosts}),
        phase=phase,
        room_is_open=phase in (Phase.LOBBY, Phase.LIVE, Phase.ENDED),
        may_run=can(current_user, ProgrammePermission.RUN, session),
        comes_next=sessions_after(session) if phase in (Phase.ENDED, Phase.CANCELLED) else [],
        linked=as_script(session_event(session)),
    )


@bp.get("/sessies/<slug>/deelbeeld.png")
@limiter.limit(RATE, key_func=network)
@allows(ProgrammePermission.READ)
def card(slug: str) -> ResponseReturnValue:
    """Draw the picture beside a shared link of a session. Not of a draft: others would keep it."""
    session = session_by_slug(current_user, slug)
    if session.status is SessionStatus.DRAFT or not session.edition.is_open:
        raise NotFound
    with speaking("nl"):
        above = f"{labels.kind_in_words(session)} · {in_words(session.starts_at)}"
    return card_response(above, session.title)


@bp.get("/programma/<int:year>/deelbeeld.png")
@limiter.limit(RATE, key_func=network)
@allows(ProgrammePermission.READ)
def card_of_year(year: int) -> ResponseReturnValue:
    """Draw the picture beside a shared link of the programme of a year."""
    edition = edition_of_year(year, request.args.get("editie"))
    with speaking("nl"):
        above = on_day(clock.local(edition.starts_at).date())
    return card_response(above, edition.tagline or edition.title)


@bp.get("/sessies/<slug>.ics")
@allows(ProgrammePermission.READ)
def session_calendar(slug: str) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    return calendar_response(session.title, [session], filename=f"{session.slug}.ics", alarm=_wants_alarm())
