"""Routes against abuse: mute a handle, hide several questions at once, revoke a guest's access. Plain forms."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.core.text import shortened
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.qanda import events, labels, muting
from dagvandebuurt.qanda.desk_facts import by_wait
from dagvandebuurt.qanda.form_responses import answered, do, refusal_in_words
from dagvandebuurt.qanda.forms import MOST_AT_ONCE, SeveralDeed
from dagvandebuurt.qanda.items import desk_card, desk_cards
from dagvandebuurt.qanda.models import Question, QuestionStatus
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.queries import question_by_id, questions_for
from dagvandebuurt.qanda.routes import bp
from dagvandebuurt.qanda.states import HIDEABLE


def _session_at_desk(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, QandaPermission.MODERATE, session)
    return session


@bp.get("/sessies/<slug>/regie/meer")
@allows(QandaPermission.READ)
def several(slug: str) -> ResponseReturnValue:
    """Choose questions to show or hide together; `?van=` preselects all of one handle."""
    return _several(_session_at_desk(slug), request.args.get("van", ""))


def _several(
    session: ProgrammeSession, of: str, *, trouble: str = "", status: int = 200
) -> ResponseReturnValue:
    """Show the page; `trouble` names the form without a reason, and what was ticked and typed there stays."""
    about, chosen = None, set()
    if of:
        try:
            about = question_by_id(current_user, session, UUID(of))
            chosen = {question.id for question in muting.of_the_same_handle(session, about)}
        except ValueError:
            about = None
    found = db.session.scalars(
        questions_for(current_user, session).where(Question.status.in_(HIDEABLE))
    ).all()
    ticked = {each.partition(":")[0] for each in request.form.getlist("vraag")}
    page = render_template(
        "qanda/several.html",
        labels=labels,
        session=session,
        about=desk_card(about) if about else None,
        has_asker=about is not None and muting.has_asker(about),
        is_muted=about is not None and muting.is_muted(session, about),
        items=desk_cards(
            sorted(
                found,
                key=lambda each: (
                    each.id not in chosen,
                    each.status is not QuestionStatus.WAITING,
                    by_wait(each),
                ),
            )
        ),
        chosen=ticked or {str(each) for each in chosen},
        note=request.form.get("note", ""),
        trouble=trouble,
    )
    return page, status


@bp.post("/sessies/<slug>/regie/meer")
@allows(QandaPermission.READ)
def decide_several(slug: str) -> ResponseReturnValue:
    """Show or hide the chosen questions, each on its own: one that a colleague decided about is listed with why."""
    session = _session_at_desk(slug)
    deed = request.form.get("deed") or SeveralDeed.HIDE.value
    if not request.form.getlist("vraag"):
        flash(_("Zet eerst een vinkje bij de vragen."))
        return redirect(url_for("qanda.desk", slug=slug), 303)
    if deed == SeveralDeed.HIDE and not request.form.get("reason"):
        return _several(session, "", trouble="hide", status=InvalidInput.status)
    chosen = [each.partition(":") for each in request.form.getlist("vraag")[:MOST_AT_ONCE]]
    questions = [
        {"question": each, "seen": int(seen) if seen.isdecimal() else None} for each, _sep, seen in chosen
    ]
    outcome = do(events.SEVERAL, session, deed=deed, questions=questions)
    if not outcome["ok"]:
        return answered(outcome, url_for("qanda.desk", slug=slug), "")
    number = len(outcome["done"])
    if number and deed == SeveralDeed.SHOW:
        flash(ngettext("%(num)s vraag getoond.", "%(num)s vragen getoond.", number), "done")
    elif number:
        flash(ngettext("%(num)s vraag verborgen.", "%(num)s vragen verborgen.", number), "done")
    for each in outcome["refused"]:
        question = db.session.get(Question, UUID(each["question"]))
        about = shortened(question.text, 60) if question and question.session_id == session.id else ""
        flash(f"{about} {refusal_in_words(each)}".strip(), "watch")
    return redirect(url_for("qanda.desk", slug=slug), 303)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/stilzetten")
@allows(QandaPermission.READ)
def mute(slug: str, question_id: UUID) -> ResponseReturnValue:
    session = _session_at_desk(slug)
    if not request.form.get("reason"):
        return _several(session, str(question_id), trouble="mute", status=InvalidInput.status)
    outcome = do(events.MUTE, session, question=str(question_id))
    said = _("Wie dit vroeg is stilgezet. Wat er nog komt, ziet alleen de vrager zelf.")
    return answered(outcome, url_for("qanda.several", slug=slug, van=question_id), said)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/stilzetten-opheffen")
@allows(QandaPermission.READ)
def unmute(slug: str, question_id: UUID) -> ResponseReturnValue:
    outcome = do(events.UNMUTE, _session_at_desk(slug), question=str(question_id))
    said = _("Deze vrager kan weer meedoen. Wat er tussendoor kwam, blijft verborgen.")
    return answered(outcome, url_for("qanda.several", slug=slug, van=question_id), said)


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/gast-stoppen")
@allows(QandaPermission.READ)
@once
def stop_guest(slug: str, question_id: UUID) -> ResponseReturnValue:
    with transaction():
        session = _session_at_desk(slug)
        reason = _("Een moderator stopte deze gast in %(title)s.", title=session.title)
        muting.stop_guest(current_user, session, question_id=question_id, reason=reason, now=clock.now())
    flash(_("Deze gast is eruit. De organisatie kan dat terugdraaien."), "done")
    return redirect(url_for("qanda.several", slug=slug, van=question_id), 303)
