"""Route of the emergency page: what to do when it goes wrong, with the buttons at hand."""

from dataclasses import dataclass
from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.programme.models import Phase, ProgrammeSession, SessionStatus
from dagvandebuurt.programme.permissions import ProgrammePermission
from dagvandebuurt.programme.stage.models import Purpose
from dagvandebuurt.qanda.models import AskingRules
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import asking_rules
from dagvandebuurt.readiness.permissions import ReadinessPermission
from dagvandebuurt.readiness.routes import bp

SOON = timedelta(hours=2)


@dataclass(frozen=True)
class AtHand:
    """A session that is on, or soon, with what this person may do about it."""

    session: ProgrammeSession
    is_live: bool
    runs: bool
    moderates: bool
    edits: bool
    asking: AskingRules

    def other_picture(self, purpose: str) -> str:
        """Return the address of an alternative, which stays as it is when the main picture is replaced."""
        return next((each.address for each in self.session.sources if each.purpose is Purpose(purpose)), "")


@bp.get("/noodknoppen")
@allows(ReadinessPermission.EMERGENCY)
def emergency() -> ResponseReturnValue:
    """Show what to do when it goes wrong, for each session that is on or soon, with the buttons for it."""
    now = clock.now()
    sessions = db.session.scalars(
        select(ProgrammeSession)
        .where(
            ProgrammeSession.status == SessionStatus.SCHEDULED,
            ProgrammeSession.starts_at < now + SOON,
            ProgrammeSession.ends_at > now,
        )
        .order_by(ProgrammeSession.starts_at, ProgrammeSession.title, ProgrammeSession.id)
    ).all()
    edits = can(current_user, ProgrammePermission.EDIT)
    at_hand = [
        AtHand(
            each,
            each.phase_at(now) is Phase.LIVE,
            can(current_user, QandaPermission.READ_DESK, each),
            can(current_user, QandaPermission.MODERATE, each),
            edits,
            asking_rules(each.id),
        )
        for each in sessions
        if edits or can(current_user, ProgrammePermission.RUN, each)
    ]
    return render_template(
        "readiness/emergency.html",
        sessions=at_hand,
        may_step_in=can(current_user, PeoplePermission.STEP_IN),
        organises=edits,
    )
