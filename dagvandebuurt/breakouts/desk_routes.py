"""Routes of a session's moderators: make a round, end it, go to a table that asks for help."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.breakouts import removal_rules, rules
from dagvandebuurt.breakouts.forms import RoundForm
from dagvandebuurt.breakouts.mixing import Guest, mix
from dagvandebuurt.breakouts.permissions import BreakoutPermission
from dagvandebuurt.breakouts.queries import (
    group_by_number,
    guests_of,
    lines_of,
    met_before,
    newest_round,
    people_at,
    removals_at,
)
from dagvandebuurt.breakouts.round_view import desk_view, division
from dagvandebuurt.breakouts.routes import bp, in_room, pressed
from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.core.worker_pool import Breath
from dagvandebuurt.live import items
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.people.access.login import live_token
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.qanda import labels


def _session(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, BreakoutPermission.RUN, session)
    return session


def _divided(session: ProgrammeSession, seed: str) -> tuple[list[Guest], list[list[UUID]]]:
    """Divide who is in now, letting others have a turn meanwhile."""
    guests = guests_of(session, clock.now())
    plan = mix(guests, seed=seed, met=met_before(session.id), breathe=Breath().take)
    return guests, plan


@bp.get("/sessies/<slug>/regie/tafels")
@allows(BreakoutPermission.READ)
def desk(slug: str) -> ResponseReturnValue:
    """Show the round that is going on, and what another one would be."""
    return _page(_session(slug))


@bp.get("/sessies/<slug>/regie/tafels/nu")
@allows(BreakoutPermission.READ)
def desk_now(slug: str) -> ResponseReturnValue:
    """Render what of it changes, for its script."""
    session = _session(slug)
    view = desk_view(session, clock.now())
    page = make_response(render_template("breakouts/_desk_now.html", session=session, view=view))
    page.headers["Cache-Control"] = "no-store"
    return page


def _page(session: ProgrammeSession, form: RoundForm | None = None, status: int = 200) -> ResponseReturnValue:
    view = desk_view(session, clock.now())
    number = view.round.number if view.round else 0
    if form is None:
        card = view.round.card if view.round else ""
        form = RoundForm(formdata=None, seed=secrets.token_urlsafe(8), after=number, card=card)
    elif form.refused:
        form.after.raw_data, form.after.data = None, number  # they saw now what there is
    guests, plan = _divided(session, form.seed.data or "")
    page = render_template(
        "breakouts/desk.html",
        session=session,
        view=view,
        form=form,
        division=division(guests, plan),
        may_make=session.phase_at(clock.now()) in (Phase.LOBBY, Phase.LIVE),
        state=items.state_of(session.id),
        live_token=live_token(),
        script_words=labels.for_the_script(),
    )
    return page, status


@bp.post("/sessies/<slug>/regie/tafels")
@allows(BreakoutPermission.READ)
@once
def make(slug: str) -> ResponseReturnValue:
    """Make a round for the people who are in now; with the button *Verdeel anders* only look at another division."""
    session, form = _session(slug), RoundForm()
    if "anders" in request.form:
        form.seed.raw_data, form.seed.data = None, secrets.token_urlsafe(8)
        return _page(session, form)
    if not form.validate():
        return _page(session, form, 422)
    _guests, plan = _divided(session, form.seed.data or "")
    return attempt(
        form,
        lambda: in_room(session, lambda at: _make(session, form, plan, at)),
        page=lambda form, status: _page(session, form, status),
        back=url_for(".desk", slug=slug),
        said=_("De ronde is begonnen. Iedereen ziet nu zijn tafel."),
        validate=False,
    )


def _make(session: ProgrammeSession, form: RoundForm, plan: Sequence[Sequence[UUID]], at: Any) -> Any:
    return rules.make(
        current_user,
        session,
        plan=plan,
        card=form.card.data or "",
        minutes=form.minutes.data or 0,
        after=form.after.data or 0,
        at=at,
    )


@bp.post("/sessies/<slug>/regie/tafels/vertel")
@allows(BreakoutPermission.READ)
@once
def announce(slug: str) -> ResponseReturnValue:
    """Tell everybody that there will be tables."""
    session = _session(slug)
    return pressed(
        session,
        lambda at: rules.announce(current_user, session, at=at),
        back=url_for(".desk", slug=slug),
        said=_("De zaal weet het. Ze kunnen nu kiezen bij wie ze zitten."),
    )


@bp.post("/sessies/<slug>/regie/tafels/<int:number>/stop")
@allows(BreakoutPermission.READ)
@once
def end(slug: str, number: int) -> ResponseReturnValue:
    """End the round with this number."""
    session = _session(slug)
    return pressed(
        session,
        lambda at: rules.end(current_user, session, number=number, at=at),
        back=url_for(".desk", slug=slug),
        said=_("De ronde is voorbij. Wie nog schrijft, heeft twee minuten."),
    )


@bp.post("/sessies/<slug>/regie/tafels/<int:number>/hulp")
@allows(BreakoutPermission.READ)
@once
def come(slug: str, number: int) -> ResponseReturnValue:
    """Go to a table that asks for help."""
    session = _session(slug)
    return pressed(
        session,
        lambda at: rules.come(current_user, session, number=number, at=at),
        back=url_for(".helped", slug=slug, number=number),
        instead=url_for(".desk", slug=slug),
    )


@bp.get("/sessies/<slug>/regie/tafels/<int:number>")
@allows(BreakoutPermission.READ)
def helped(slug: str, number: int) -> ResponseReturnValue:
    """Show a table to the moderator who answered its call, and to no other moderator of the session."""
    session = _session(slug)
    newest = newest_round(session.id)
    if newest is None:
        raise NotFound
    group = group_by_number(newest.id, number)
    is_over = newest.is_over(clock.now())
    if not is_over and group.calls and group.helper_id is None:
        flash(_("Deze tafel vraagt opnieuw hulp. Wie van jullie gaat erheen?"), "watch")
        return redirect(url_for(".desk", slug=slug), 303)
    if group.helper_id != current_user.id:
        raise NotFound
    if is_over:
        flash(_("De ronde is voorbij. De tafel is leeg."), "watch")
        return redirect(url_for(".desk", slug=slug), 303)
    return render_template(
        "breakouts/helped.html",
        session=session,
        round=newest,
        group=group,
        people=people_at(group.id),
        lines=lines_of(session.id, group.id),
        removals=_removals(group.id),
    )


def _removals(group_id: UUID) -> list[dict[str, Any]]:
    """Return the removals at a table in words, the newest first; only the last one of a person can be undone."""
    told: list[dict[str, Any]] = []
    seen: set[UUID] = set()
    for each in removals_at(group_id):
        told.append(
            {
                "person_id": each.person_id,
                "name": name_of(each.person_id) or "",
                "by": name_of(each.moderator_id) if each.moderator_id else "",
                "is_back": each.is_back,
                "at": each.at,
                "can_undo": not each.is_back and each.person_id not in seen,
            }
        )
        seen.add(each.person_id)
    return told


@bp.post("/sessies/<slug>/regie/tafels/<int:number>/eruit/<uuid:person_id>")
@allows(BreakoutPermission.READ)
@once
def remove(slug: str, number: int, person_id: UUID) -> ResponseReturnValue:
    """Remove somebody from the table that one helps, or let them take a place again."""
    session = _session(slug)
    back = url_for(".helped", slug=slug, number=number)
    if request.form.get("on") == "1":
        deed, said = (
            removal_rules.remove,
            _("Deze persoon is van tafel, en kan er in deze ronde niet meer bij."),
        )
    else:
        deed, said = removal_rules.let_back, _("Deze persoon mag weer aanschuiven.")
    return pressed(
        session,
        lambda at: deed(current_user, session, number=number, person_id=person_id, at=at),
        back=back,
        said=said,
        instead=url_for(".desk", slug=slug),
    )
