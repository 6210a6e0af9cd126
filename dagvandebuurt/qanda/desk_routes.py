"""The moderator's desk: everything as plain forms, which a script makes live."""

from typing import Any
from uuid import UUID

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.live import items
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Verb
from dagvandebuurt.people.listeners import live_token
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.qanda import events, words
from dagvandebuurt.qanda.deeds import answered, do, refusal_in_words, status_of
from dagvandebuurt.qanda.items import desk_card
from dagvandebuurt.qanda.models import QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import questions_for
from dagvandebuurt.qanda.routes import bp, outbox_of

COLUMNS = ("waiting", "live", "visible", "answered", "hidden")


def _session_at_desk(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, QandaPermission.READ_DESK, session)
    return session


@bp.get("/sessies/<slug>/regie")
@allows(QandaPermission.READ)
def desk(slug: str) -> ResponseReturnValue:
    return _desk_page(_session_at_desk(slug))


def _desk_page(
    session: ProgrammeSession, *, trouble: dict[str, Any] | None = None, status: int = 200
) -> ResponseReturnValue:
    """`trouble`: a deed that was refused, to be told at its question with what was typed."""
    state = items.state_of(session.id)
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for question in db.session.scalars(questions_for(current_user, session)):
        item = desk_card(question)
        column = "visible" if item["status"] in ("shortlisted", "open_after") else item["status"]
        if column in columns:
            columns[column].append(item)
    columns["waiting"].sort(key=lambda item: item["asked_at"])
    on_desk = {item["id"] for column in columns.values() for item in column}
    if trouble is not None and trouble["question"] not in on_desk:
        flash(trouble["said"], "watch")
    page = render_template(
        "qanda/desk.html",
        session=session,
        phase=session.phase_at(clock.now()),
        state=state,
        columns=columns,
        trouble=trouble,
        outbox_of=outbox_of(session),
        live_token=live_token(),
        present=live().presence.count_now(session.id),
    )
    return page, status


def _deed(slug: str, verb: Verb, question_id: UUID, after: QuestionStatus) -> ResponseReturnValue:
    """Do it, and go on where a moderator goes on: with who waits, or with this question."""
    session = _session_at_desk(slug)
    outcome = do(verb, session, question=str(question_id))
    if outcome["ok"]:
        place = "kop-waiting" if verb in (events.SHOW, events.HIDE) else f"vraag-{question_id}"
        return answered(outcome, f"{url_for('qanda.desk', slug=slug)}#{place}", str(words.NOW[after]))
    trouble = {
        "question": str(question_id),
        "deed": verb.name.partition(":")[2],
        "at_field": "fields" in outcome["error"],
        "said": refusal_in_words(outcome),
        "typed": {name: request.form.get(name, "") for name in ("text", "reason", "note")},
    }
    return _desk_page(session, trouble=trouble, status=status_of(outcome))


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/tonen")
@allows(QandaPermission.READ)
def show_question(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.SHOW, question_id, QuestionStatus.VISIBLE)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/verbergen")
@allows(QandaPermission.READ)
def hide_question(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.HIDE, question_id, QuestionStatus.HIDDEN)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/aan-de-beurt")
@allows(QandaPermission.READ)
def put_live(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.LIVE, question_id, QuestionStatus.LIVE)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/antwoord")
@allows(QandaPermission.READ)
def answer(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _deed(slug, events.ANSWER, question_id, QuestionStatus.ANSWERED)
