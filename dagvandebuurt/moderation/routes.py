"""Routes of house rules, reports, decisions and appeals within sessions."""

from uuid import UUID, uuid4

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput, NotFound, RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, require
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Moment, Verb, raise_revision
from dagvandebuurt.moderation import events, labels, rules
from dagvandebuurt.moderation.errors import NothingToReport
from dagvandebuurt.moderation.forms import Contest
from dagvandebuurt.moderation.models import AppealStatus
from dagvandebuurt.moderation.permissions import ModerationPermission
from dagvandebuurt.moderation.queries import (
    appeal_of_asker,
    decided,
    hidings,
    undecided_appeals,
    undecided_line_reports,
    undecided_reports,
    waiting_for_a_moderator,
)
from dagvandebuurt.people.queries import all_house_rules, current_house_rules, house_rules_version
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_id, session_by_slug
from dagvandebuurt.qanda import private_link
from dagvandebuurt.qanda.form_responses import answered, do, refusal_in_words, status_of
from dagvandebuurt.qanda.forms import HideReason
from dagvandebuurt.qanda.items import card
from dagvandebuurt.qanda.labels import COMPLAINTS, REASONS, by_line
from dagvandebuurt.qanda.models import PUBLIC, Question, QuestionStatus
from dagvandebuurt.qanda.queries import question_by_id

# Reasons of a report. Emergencies are not for a form: the page gives the phone number.
REPORTABLE = {reason: COMPLAINTS[reason] for reason in HideReason if reason is not HideReason.URGENT}

bp = Blueprint("moderation", __name__)


@bp.get("/spelregels")
@allows(ModerationPermission.READ_RULES)
def house_rules() -> ResponseReturnValue:
    rules = current_house_rules(clock.now())
    earlier = [each.version for each in all_house_rules() if each.version < rules.version]
    return render_template("moderation/house_rules.html", rules=rules, earlier=earlier, is_other=False)


@bp.get("/spelregels/versie/<int:version>")
@allows(ModerationPermission.READ_RULES)
def house_rules_then(version: int) -> ResponseReturnValue:
    """Show a version that was in force, so that who agreed to it can read it again."""
    now = clock.now()
    current = current_house_rules(now)
    if version > 99_999:  # no database holds such a number
        raise NotFound
    rules = current if version == current.version else house_rules_version(version)
    if rules is None or (rules.effective_from and rules.effective_from > now):
        raise NotFound
    return render_template(
        "moderation/house_rules.html", rules=rules, earlier=[], is_other=rules is not current
    )


@bp.get("/sessies/<slug>/vragen/<uuid:question_id>/melden")
@allows(ModerationPermission.REPORT)
def report_form(slug: str, question_id: UUID) -> ResponseReturnValue:
    return _report_page(session_by_slug(current_user, slug), question_id)


def _report_page(
    session: ProgrammeSession, question_id: UUID, *, said: str = "", status: int = 200
) -> ResponseReturnValue:
    question = question_by_id(current_user, session, question_id)
    if question.status not in PUBLIC and not said:
        raise NothingToReport
    page = render_template(
        "moderation/report.html",
        by_line=by_line,
        session=session,
        item=card(question),
        reasons=REPORTABLE,
        typed={name: request.form.get(name, "") for name in ("reason", "note")} | {"op": uuid4().hex},
        said=said,
    )
    return page, status


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/melden")
@allows(ModerationPermission.REPORT)
def report(slug: str, question_id: UUID) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    if not request.form.get("reason"):
        return _report_page(
            session,
            question_id,
            said=_("Kies eerst welke spelregel niet gevolgd is."),
            status=InvalidInput.status,
        )
    outcome = do(events.REPORT, session, question=str(question_id))
    if not outcome["ok"] and "fields" in outcome["error"]:
        return _report_page(session, question_id, said=refusal_in_words(outcome), status=status_of(outcome))
    sentence = _("Dank je wel. Een moderator kijkt ernaar. Op Mijn dag lees je wat er besloten is.")
    return answered(outcome, url_for("qanda.room", slug=slug) + f"#vraag-{question_id}", sentence)


@bp.get("/sessies/<slug>/regie/meldingen")
@allows(ModerationPermission.READ_RULES)
def reports(slug: str) -> ResponseReturnValue:
    return _reports_page(_session_at_desk(slug))


def _session_at_desk(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, ModerationPermission.HANDLE, session)
    return session


def _reports_page(
    session: ProgrammeSession, *, trouble: dict[str, str] | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the reports. `trouble`: a refused decision, shown where it was made, with the typed text."""
    decided_reports, decided_appeals = decided(session.id)
    page = render_template(
        "moderation/reports.html",
        labels=labels,
        session=session,
        reports=undecided_reports(session.id),
        line_reports=undecided_line_reports(session.id),
        appeals=undecided_appeals(session.id),
        decided_reports=decided_reports,
        decided_appeals=decided_appeals,
        hidings=hidings(session.id),
        hideable=PUBLIC,
        trouble=trouble or {"about": "", "said": "", "note": ""},
    )
    return page, status


def _decision(slug: str, verb: Verb, about: UUID, sentence: str, **fields: str) -> ResponseReturnValue:
    session = _session_at_desk(slug)
    outcome = do(verb, session, **fields)
    if outcome["ok"]:
        return answered(outcome, url_for(".reports", slug=slug), sentence)
    trouble = {
        "about": str(about),
        "said": refusal_in_words(outcome),
        "note": request.form.get("note", ""),
    }
    still_there = {str(each) for each in waiting_for_a_moderator(session.id)}
    if str(about) not in still_there:
        flash(trouble["said"], "watch")
    return _reports_page(session, trouble=trouble, status=status_of(outcome))


@bp.post("/sessies/<slug>/meldingen/<uuid:report_id>/oppakken")
@allows(ModerationPermission.REPORT)
def take(slug: str, report_id: UUID) -> ResponseReturnValue:
    said = _("Je collega’s zien dat jij ernaar kijkt.")
    return _decision(slug, events.TAKE, report_id, said, report=str(report_id))


@bp.post("/sessies/<slug>/meldingen/<uuid:report_id>/laten-staan")
@allows(ModerationPermission.REPORT)
def dismiss(slug: str, report_id: UUID) -> ResponseReturnValue:
    said = _("Het blijft staan. Wie het meldde, leest waarom.")
    return _decision(slug, events.DISMISS, report_id, said, report=str(report_id))


@bp.post("/sessies/<slug>/bezwaren/<uuid:appeal_id>")
@allows(ModerationPermission.REPORT)
def decide(slug: str, appeal_id: UUID) -> ResponseReturnValue:
    said = _("Je besluit staat er. Wie bezwaar maakte, leest het.")
    return _decision(slug, events.DECIDE, appeal_id, said, appeal=str(appeal_id))


@bp.post("/sessies/<slug>/meldingen/<uuid:report_id>/bezwaar")
@allows(ModerationPermission.REPORT)
def appeal(slug: str, report_id: UUID) -> ResponseReturnValue:
    """Appeal as the reporter. The outcome is shown on their own page."""
    session = session_by_slug(current_user, slug)
    outcome = do(events.APPEAL, session, report=str(report_id))
    if not outcome["ok"] and "fields" in outcome["error"]:
        page = render_template(
            "moderation/appeal_again.html",
            action=request.path,
            said=refusal_in_words(outcome),
            text=request.form.get("text", ""),
        )
        return page, status_of(outcome)
    said = str(labels.APPEAL_STATUS[AppealStatus.RECEIVED])
    return answered(outcome, url_for("people.mine") + "#meldingen", said)


@bp.get("/vragen/terug/<token>/bezwaar")
@allows(ModerationPermission.CONTEST)
def contest_form(token: str) -> ResponseReturnValue:
    return _contest_page(token)


def _contest_page(token: str, *, said: str = "", status: int = 200) -> ResponseReturnValue:
    question = _question_of(token)
    page = make_response(
        render_template(
            "moderation/contest.html",
            labels=labels,
            item=card(question),
            is_hidden=question.status is QuestionStatus.HIDDEN,
            reason=REASONS.get(question.hidden_reason, ""),  # type: ignore[arg-type]
            note=question.hidden_note,
            appeal=appeal_of_asker(question.id),
            back=private_link.path_to(question.id),
            action=request.path,
            said=said,
            text=request.form.get("text", ""),
        ),
        status,
    )
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page


@bp.post("/vragen/terug/<token>/bezwaar")
@allows(ModerationPermission.CONTEST)
def contest(token: str) -> ResponseReturnValue:
    """Appeal as the asker, with the private link of the question and without login. Idempotent."""
    question = _question_of(token)
    try:
        text = Contest.from_page(request.form).text
        with transaction():
            revision = raise_revision(question.session_id)
            if revision is None:
                raise NotFound
            db.session.refresh(question)
            rules.contest(question, text=text, at=Moment(question.session_id, revision, clock.now()))
    except InvalidInput as broken:
        said = " ".join(sentence for each in broken.fields.values() for sentence in each)
        return _contest_page(token, said=said, status=InvalidInput.status)
    except RuleBroken as broken:
        flash(str(broken.message), "watch")
        return redirect(private_link.path_to(question.id), 303)
    live().pump.wake()
    flash(str(labels.APPEAL_STATUS[AppealStatus.RECEIVED]), "done")
    return redirect(private_link.path_to(question.id), 303)


def _question_of(token: str) -> Question:
    question = db.session.get(Question, private_link.question_of(token))
    if question is None:
        raise NotFound
    session_by_id(current_user, question.session_id)
    return question
