"""Routes of the wrap-up of a session: decide open questions, write down what was heard, share it."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.agenda import deciding, letters, rules, wrap_up
from dagvandebuurt.agenda.errors import HeardChanged
from dagvandebuurt.agenda.forms import FromQuestionForm, HeardForm
from dagvandebuurt.agenda.models import Heard
from dagvandebuurt.agenda.permissions import AgendaPermission
from dagvandebuurt.agenda.queries import locked, organisations_that_answer, points_of_questions
from dagvandebuurt.agenda.routes import bp, themes
from dagvandebuurt.breakouts.queries import outcomes_of
from dagvandebuurt.core import clock
from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import NotFound
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.markdown import rendered
from dagvandebuurt.core.permissions import allows, can, require
from dagvandebuurt.core.text import shortened
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.labelling.queries import names_on
from dagvandebuurt.lessons.models import Lesson
from dagvandebuurt.live.runtime import live
from dagvandebuurt.live.writes import Moment, raise_revision
from dagvandebuurt.polls.queries import shown_results
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.programme.places.queries import place_choices
from dagvandebuurt.programme.queries import programme_path, session_by_slug
from dagvandebuurt.qanda import events
from dagvandebuurt.qanda.form_responses import answered, do, refusal_in_words, status_of
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.queries import question_by_id


def _session(slug: str) -> ProgrammeSession:
    session = session_by_slug(current_user, slug)
    require(current_user, AgendaPermission.HARVEST, session)
    wrap_up.require_over(session, clock.now())
    return session


@bp.get("/sessies/<slug>/wat-we-hoorden")
@allows(AgendaPermission.READ)
def heard(slug: str) -> ResponseReturnValue:
    session = session_by_slug(current_user, slug)
    found = wrap_up.shared(session)
    if found is None:
        raise NotFound
    decided = wrap_up.decided(session.id)
    return render_template(
        "agenda/heard.html",
        session=session,
        programme_path=programme_path(session),
        heard=found,
        text=rendered(found.text),
        decided=decided,
        points=points_of_questions([each.question.id for each in decided]),
        polls=shown_results(session.id),
        still_open=wrap_up.still_open(session.id),
    )


@bp.get("/sessies/<slug>/oogst")
@allows(AgendaPermission.READ)
def harvesting(slug: str) -> ResponseReturnValue:
    return _page(_session(slug))


def _page(
    session: ProgrammeSession,
    *,
    form: HeardForm | None = None,
    theirs: Heard | None = None,
    trouble: dict[str, str] | None = None,
    several: deciding.Several | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render the wrap-up. `theirs`: another person's saved text, shown beside one's own. `trouble`: a refused
    answer, at its question. `several`: a refused form about many questions, with what was ticked and typed.
    """
    found = db.session.get(Heard, session.id)
    if form is None:
        text = found.text if found else wrap_up.draft_of(session)
        form = HeardForm(formdata=None, text=text, version=found.version if found else 0)
    decided = wrap_up.decided(session.id)
    turns = wrap_up.turns_of(session.id)
    undecided = wrap_up.undecided(session.id)
    on_stage = sorted((each for each in undecided if each.id in turns), key=lambda each: turns[each.id])
    page = render_template(
        "agenda/harvest.html",
        session=session,
        heard=found,
        form=form,
        theirs=theirs,
        trouble=trouble or {},
        undecided=[*on_stage, *(each for each in undecided if each.id not in turns)],
        turns=turns,
        labels=names_on([each.id for each in (*undecided, *(one.question for one in decided))]),
        several=several or deciding.Several(),
        organisations=organisations_that_answer(),
        decided=decided,
        points=points_of_questions([each.question.id for each in decided]),
        polls=shown_results(session.id),
        said=wrap_up.what_was_said(session),
        at_tables=outcomes_of(session.id),
        lessons=db.session.scalars(
            select(Lesson).where(Lesson.edition_id == session.edition_id).order_by(Lesson.title)
        ).all(),
    )
    return page, status


@bp.post("/sessies/<slug>/oogst")
@allows(AgendaPermission.READ)
def save_heard(slug: str) -> ResponseReturnValue:
    session, form = _session(slug), HeardForm()
    publish = bool(request.form.get("delen"))

    def page(form: HeardForm, status: int) -> ResponseReturnValue:
        theirs = db.session.get(Heard, session.id) if isinstance(form.refused, HeardChanged) else None
        if theirs is not None:
            # The next save includes their version.
            form.version.raw_data, form.version.data = None, theirs.version
        return _page(session, form=form, theirs=theirs, status=status)

    return attempt(
        form,
        lambda: wrap_up.write(
            current_user,
            session,
            text=form.text.data or "",
            version=form.version.data or 0,
            publish=publish,
            now=clock.now(),
        ),
        page=page,
        back=url_for(".harvesting", slug=slug),
        said=lambda _heard: _shared_in_words(session) if publish else _("Bewaard."),
        shows=(HeardChanged,),
        passes_on=(),
    )


def _shared_in_words(session: ProgrammeSession) -> str:
    said = _("Gedeeld. Iedereen kan lezen wat jullie hoorden.")
    left = len(wrap_up.still_open(session.id))
    if not left:
        return said
    open_ones = ngettext(
        "%(num)s vraag is nog open. Die staat erbij als open, tot jullie erover besluiten.",
        "%(num)s vragen zijn nog open. Die staan erbij als open, tot jullie erover besluiten.",
        left,
    )
    return f"{said} {open_ones}"


@bp.post("/sessies/<slug>/oogst/meer")
@allows(AgendaPermission.READ)
def decide_several(slug: str) -> ResponseReturnValue:
    """Decide about the chosen questions, each by its own command: what is refused holds up no other."""
    session = _session(slug)
    several = deciding.Several.of_form()
    wrong = several.wrong()
    if wrong:
        return _page(session, several=several, status=422)
    several.decide(current_user, session, now=clock.now())
    for sentence, tone in several.in_words():
        flash(sentence, tone)
    return redirect(url_for(".harvesting", slug=slug) + "#vragen", 303)


@bp.post("/sessies/<slug>/oogst/<uuid:question_id>/antwoord")
@allows(AgendaPermission.READ)
def answer_now(slug: str, question_id: UUID) -> ResponseReturnValue:
    session = _session(slug)
    outcome = do(events.ANSWER, session, question=str(question_id))
    if not outcome["ok"]:
        trouble = {
            "question": str(question_id),
            "said": refusal_in_words(outcome),
            "text": request.form.get("text", ""),
        }
        return _page(session, trouble=trouble, status=status_of(outcome))
    return answered(outcome, url_for(".harvesting", slug=slug) + "#vragen", _("Het antwoord staat er."))


@bp.post("/sessies/<slug>/oogst/<uuid:question_id>/les")
@allows(AgendaPermission.READ)
def to_lesson(slug: str, question_id: UUID) -> ResponseReturnValue:
    session, now = _session(slug), clock.now()
    with transaction():
        question = deciding.locked_question(session, question_id)
        lesson = _lesson(request.form.get("lesson", ""))
        wrap_up.to_lesson(current_user, session, question=question, lesson=lesson, now=now)
        letters.tell_of_lesson(question, now=now)
    flash(_("Deze vraag gaat mee in een les. De vraagsteller hoort het."))
    return redirect(url_for(".harvesting", slug=slug) + "#vragen", 303)


def _lesson(chosen: str) -> Lesson | None:
    try:
        return db.session.get(Lesson, UUID(chosen)) if chosen else None
    except ValueError:
        raise NotFound from None


@bp.get("/sessies/<slug>/vragen/<uuid:question_id>/agendapunt")
@allows(AgendaPermission.READ)
def from_question_form(slug: str, question_id: UUID) -> ResponseReturnValue:
    session, question = _to_raise(slug, question_id)
    form = _raising(formdata=None, title=shortened(" ".join(question.text.split()), 160), body=question.text)
    return _from_question_page(session, question, form)


def _to_raise(slug: str, question_id: UUID) -> tuple[ProgrammeSession, Question]:
    session = session_by_slug(current_user, slug)
    require(current_user, AgendaPermission.RAISE, session)
    # Waiting and hidden questions are for the moderators of the session, not for every editor.
    return session, question_by_id(current_user, session, question_id)


def _raising(**given: Any) -> FromQuestionForm:
    form = FromQuestionForm(**given)
    form.offer(organisations_that_answer(), place_choices(), themes())
    return form


def _from_question_page(
    session: ProgrammeSession, question: Question, form: FromQuestionForm, status: int = 200
) -> ResponseReturnValue:
    back = (
        url_for(".harvesting", slug=session.slug)
        if can(current_user, AgendaPermission.HARVEST, session)
        else url_for(".desk")
    )
    page = render_template(
        "agenda/from_question.html", session=session, question=question, form=form, back=back
    )
    return page, status


@bp.post("/sessies/<slug>/vragen/<uuid:question_id>/agendapunt")
@allows(AgendaPermission.READ)
def from_question(slug: str, question_id: UUID) -> ResponseReturnValue:
    session, _question_raised = _to_raise(slug, question_id)
    is_over = session.phase_at(clock.now()) is Phase.ENDED
    back = url_for(".harvesting", slug=slug) if is_over else url_for("qanda.desk", slug=slug)

    def act() -> None:
        _raise(session, question_id, form)
        after_commit(live().pump.wake)

    form = _raising()
    return attempt(
        form,
        act,
        page=lambda form, status: _from_question_page(*_to_raise(slug, question_id), form, status),
        back=back if can(current_user, AgendaPermission.HARVEST, session) else url_for(".desk"),
        said=_("Dit is nu een actiepunt. De redactie kijkt het na en verstuurt het."),
    )


def _raise(session: ProgrammeSession, question_id: UUID, form: FromQuestionForm) -> None:
    revision = raise_revision(session.id)
    if revision is None:
        raise NotFound
    question = deciding.locked_question(session, question_id)
    at = Moment(session.id, revision, clock.now())
    if form.existing.data:
        point = locked(form.existing.data)
        rules.add_question(current_user, session, question=question, point=point, at=at)
    else:
        rules.raise_question(current_user, session, question=question, words=form.words, at=at)
