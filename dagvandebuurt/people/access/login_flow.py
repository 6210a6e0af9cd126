"""Login flow shared by all ways to log in: second factor, new browser session, guest merge, pending actions."""

import secrets
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import (
    current_app,
    flash,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.runtime import live
from dagvandebuurt.people import rules
from dagvandebuurt.people.access.login import pending_bundle
from dagvandebuurt.people.access.pending_actions import OWN_FOR, run_actions, waiting_actions
from dagvandebuurt.people.access.trusted_devices import browser_description, marks_here, remember
from dagvandebuurt.people.identity import Identity
from dagvandebuurt.people.lifecycle import account_merging
from dagvandebuurt.people.models import PendingAction, Person
from dagvandebuurt.people.queries import has_second_factor
from dagvandebuurt.people.work import first_page

HALF_IN_SECONDS = 600


def current_guest() -> UUID | None:
    """Return the current person if they have no address: a guest, or a card holder."""
    return current_user.id if current_user.is_known and not current_user.has_account else None


def guest_has() -> list[str]:
    """Return what the guest of this browser would bring along; empty for all others."""
    guest_id = current_guest()
    return (
        account_merging.held_by(guest_id)
        if guest_id is not None and account_merging.is_a_guest(guest_id)
        else []
    )


def log_in(
    person_id: UUID,
    *,
    back: str | None = None,
    wanted: Sequence[UUID] = (),
    is_proven: bool = False,
    guest_id: UUID | None = None,
    takes_along: bool = True,
) -> ResponseReturnValue:
    """Log this browser in, run its pending actions, and redirect to `back`; without one, their role decides.

    With a second factor set up, that is asked for first. `wanted`: pending actions of another browser that
    the person ticked just now.
    The guest of this browser is merged into the account, and so is `guest_id`, which the person claimed;
    `takes_along` false leaves the guest of this browser alone: somebody else is logging in.
    """
    # In a rehearsal nobody set up a phone: the link is given to the crew, and there is nothing to guard.
    is_proven = is_proven or bool(current_app.config["REHEARSAL"])
    bundle = pending_bundle()
    is_shared = request.form.get("gedeeld") == "ja" or session.pop("half_shared", False)
    if not is_proven and has_second_factor(person_id):
        session["half_shared"] = is_shared
        session["half_in"] = [
            str(person_id), int(clock.now().timestamp()), back or "", [str(w) for w in wanted], str(guest_id or ""),
        ]  # fmt: skip
        return redirect(url_for("people.second_step"), 303)
    here = current_guest() if takes_along else None
    with transaction():
        now = clock.now()
        person = db.session.get_one(Person, person_id)
        login = rules.begin_login(
            person,
            now=now,
            is_proven=is_proven,
            device=browser_description(request.user_agent.string),
            is_shared=is_shared,
        )
        db.session.flush()
        guests = {
            each for each in (guest_id, here if here and account_merging.is_a_guest(here) else None) if each
        }
        has = [words for guest in sorted(guests) for words in account_merging.held_by(guest)]
        merged = [guest for guest in sorted(guests) if account_merging.merge(guest, person_id, now=now)]
        person = db.session.get_one(Person, person_id)
        identity = Identity.of(person, login.id, is_proven=is_proven)
    language, marks, read_as = session.get("language"), marks_here(), session.get("browser")
    session.clear()  # session fixation: only the marks of trusted devices remain
    if language:
        session["language"] = language
    session.permanent = not is_shared
    session["since"] = int(clock.now().timestamp())
    session["browser"] = secrets.token_urlsafe(16)  # what a page's socket is bound to
    if read_as:
        session["read_as"] = read_as  # who read along here counts as this person from now on
    if is_shared:
        session["shared"] = True
    else:
        remember(person_id, marks)
    login_user(identity)
    if merged:
        live().tell()
        if has:
            flash(_("Wat je als gast deed, staat nu bij je account: %(what)s.", what=", ".join(has)))
    if bundle is not None or wanted:
        with transaction():
            ticked = db.session.scalars(
                select(PendingAction).where(PendingAction.id.in_(wanted), PendingAction.done_at.is_(None))
            )
            wishes = [*waiting_actions(bundle, since=clock.now() - OWN_FOR), *ticked]
            granted = run_actions(identity, wishes, now=clock.now())
        for sentence, page in granted:
            flash(sentence)
            back = page  # where they were last
    return redirect(back or first_page(identity), 303)


def pending_login() -> tuple[UUID, str, list[UUID], UUID | None] | None:
    """Return who gave the first factor here recently, the target page, the ticked actions and the claimed
    guest."""
    kept: Any = session.get("half_in") or (None, 0, "", [], "")
    person_id, since, back, wanted, guest_id = [*kept, ""][:5]
    if person_id is None or clock.now().timestamp() - since > HALF_IN_SECONDS:
        return None
    return UUID(person_id), back, [UUID(wish) for wish in wanted], UUID(guest_id) if guest_id else None
