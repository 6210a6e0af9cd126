"""Routes of the queue of a stand: for visitors, who need no account, and for who keeps the stand."""

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import NotAllowed, RuleBroken
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import throttle
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.market import queue_rules
from dagvandebuurt.market.forms import QueueForm
from dagvandebuurt.market.models import MarketStand, WaitStatus
from dagvandebuurt.market.permissions import MarketPermission
from dagvandebuurt.market.queries import presence_of, stand_at_desk, stand_by_slug
from dagvandebuurt.market.queue_queries import (
    active_at,
    is_served,
    name_of,
    number_before,
    visitor_key,
    wait_of,
)
from dagvandebuurt.market.routes import bp, own_key, stand_page
from dagvandebuurt.market.rules import LATE

FRESH = {"Cache-Control": "no-store"}


@bp.get("/markt/<slug>/rij")
@allows(MarketPermission.VISIT)
def queue(slug: str) -> ResponseReturnValue:
    """Show where one is in the queue; with `deel` only the part that changes."""
    stand = stand_by_slug(slug)
    now = clock.now()
    wait = wait_of(stand, own_key(stand.edition_id))
    state = "none" if wait is None else wait.status.value
    if wait is not None and wait.is_active and not is_served(stand, now):
        state = WaitStatus.ENDED.value  # the job will say so within a minute
    page = render_template(
        "market/_queue.html" if request.args.get("deel") else "market/queue.html",
        stand=stand,
        now=now,
        state=state,
        by=wait.by.name if wait is not None and wait.by is not None else _("Iemand van de kraam"),
        before=number_before(wait) if wait is not None and state == WaitStatus.WAITING.value else 0,
        joins=is_served(stand, now),
        takes_note=not stand.is_over(now - LATE),
        form=QueueForm(
            formdata=None, nickname=name_of(wait) if wait is not None else (current_user.name or "")
        ),
    )
    return page, 200, FRESH


@bp.post("/markt/<slug>/rij")
@throttle("60 per hour", together="600 per hour")
@allows(MarketPermission.VISIT)
@once
def join_queue(slug: str) -> ResponseReturnValue:
    """Join the queue. Refused: the stand, with what was typed and what else one can do."""
    form, stand = QueueForm(), stand_by_slug(slug)
    browser = session.setdefault("browser", secrets.token_urlsafe(16))  # as for a live page
    key = visitor_key(stand.edition_id, browser)
    return attempt(
        form,
        lambda: queue_rules.join(
            current_user,
            stand_by_slug(slug),
            visitor_key=key,
            name=form.nickname.data or "",
            now=clock.now(),
        ),
        page=lambda form, status: stand_page(stand_by_slug(slug), status, queue=form),
        back=url_for(".queue", slug=slug),
        said=_("Je staat in de rij."),
    )


@bp.post("/markt/<slug>/rij/weg")
@allows(MarketPermission.VISIT)
@once
def leave_queue(slug: str) -> ResponseReturnValue:
    with transaction():
        stand = stand_by_slug(slug)
        key = own_key(stand.edition_id)
        if key is not None:
            queue_rules.leave(current_user, stand, visitor_key=key, now=clock.now())
    flash(_("Je staat niet meer in de rij."), "done")
    return redirect(url_for(".stand", slug=slug), 303)


@bp.get("/kraam/<slug>/rij")
@allows(MarketPermission.KEEP)
def waiting(slug: str) -> ResponseReturnValue:
    """Show to who keeps the stand who waits; with `deel` only the part that changes."""
    stand = stand_at_desk(slug)
    require(current_user, MarketPermission.KEEP, stand)
    return _waiting_page(stand)


def _waiting_page(stand: MarketStand, status: int = 200, *, refused: Any = "") -> ResponseReturnValue:
    now = clock.now()
    found = active_at(stand) if is_served(stand, now) else []
    page = render_template(
        "market/_waiting.html" if request.args.get("deel") else "market/waiting.html",
        stand=stand,
        now=now,
        refused=refused,
        called=[(each, name_of(each)) for each in found if each.status is WaitStatus.CALLED],
        waiting=[(each, name_of(each)) for each in found if each.status is WaitStatus.WAITING],
        mine=presence_of(stand, current_user.id, now),
    )
    return page, status, FRESH


@bp.post("/kraam/<slug>/rij/<uuid:wait_id>/kom")
@allows(MarketPermission.KEEP)
@once
def call(slug: str, wait_id: UUID) -> ResponseReturnValue:
    """Say to a visitor that one comes to them."""
    return _settle(slug, wait_id, queue_rules.call, _("De bezoeker leest dat je komt."))


@bp.post("/kraam/<slug>/rij/<uuid:wait_id>/klaar")
@allows(MarketPermission.KEEP)
@once
def finish(slug: str, wait_id: UUID) -> ResponseReturnValue:
    """Round off a talk."""
    return _settle(slug, wait_id, queue_rules.finish, _("Het gesprek is afgerond."))


@bp.post("/kraam/<slug>/rij/<uuid:wait_id>/niet-gevonden")
@allows(MarketPermission.KEEP)
@once
def miss(slug: str, wait_id: UUID) -> ResponseReturnValue:
    """Say that a visitor who was called is not there."""
    return _settle(
        slug, wait_id, queue_rules.miss, _("De bezoeker leest dat je zocht, en kan opnieuw in de rij.")
    )


def _settle(slug: str, wait_id: UUID, act: Callable[..., Any], said: str) -> ResponseReturnValue:
    """Do it; a press that comes too late shows the queue as it is now, with who did what."""
    try:
        with transaction():
            act(current_user, stand_at_desk(slug), wait_id=wait_id, now=clock.now())
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return _waiting_page(stand_at_desk(slug), broken.status, refused=broken.message)
    flash(said, "done")
    return redirect(url_for(".waiting", slug=slug), 303)
