"""The moderator's desk: everything as plain forms, which a script makes live."""

from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.live import items
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Verb
from dagvandebuurt.people.listeners import live_token
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.deeds import answered, do
from dagvandebuurt.qanda.items import desk_card
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import questions_for
from dagvandebuurt.qanda.routes import bp

COLUMNS = ("waiting", "live", "visible", "answered", "hidden")


def _session_at_desk(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, QandaPermission.READ_DESK, session)
    return session


@bp.get("/sessies/<slug>/regie")
@allows(QandaPermission.READ)
def desk(slug: str) -> ResponseReturnValue:
    session = _session_at_desk(slug)
    state = items.state_of(session.id)
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for question in db.session.scalars(questions_for(current_user, session)):
        item = desk_card(question)
        column = "visible" if item["status"] in ("shortlisted", "open_after") else item["status"]
        if column in columns:
            columns[column].append(item)
    columns["waiting"].sort(key=lambda item: item["asked_at"])
    return render_template(
        "qanda/desk.html",
        session=session,
        phase=session.phase_at(clock.now()),
        state=state,
        columns=columns,
        live_token=live_token(),
        present=live().presence.count_now(session.id),
    )


def _deed(slug: str, verb: Verb, question_id: UUID, sentence: str) -> ResponseReturnValue:
    outcome = do(verb, _session_at_desk(slug), question=str(question_id))
    return answered(outcome, url_for("qanda.desk", slug=slug), sentence)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/tonen")
@allows(QandaPermission.READ)
def show_question(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.SHOW, question_id, _("De zaal ziet deze vraag nu."))


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/verbergen")
@allows(QandaPermission.READ)
def hide_question(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.HIDE, question_id, _("Verborgen. De vraagsteller ziet de reden."))


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/aan-de-beurt")
@allows(QandaPermission.READ)
def put_live(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.LIVE, question_id, _("Deze vraag is nu aan de beurt."))


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/antwoord")
@allows(QandaPermission.READ)
def answer(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.ANSWER, question_id, _("Het antwoord staat er."))
