"""Lessons for everybody, with comments and the button that saves."""

from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput, RuleBroken
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter
from dagvandebuurt.lessons import rules
from dagvandebuurt.lessons.forms import CommentForm
from dagvandebuurt.lessons.listeners import thanks
from dagvandebuurt.lessons.models import Lesson
from dagvandebuurt.lessons.permissions import LessonPermission
from dagvandebuurt.lessons.queries import (
    comment_counts,
    lesson_by_slug,
    lessons_from,
    public_question,
    published,
    sources_of,
    threads_for,
)
from dagvandebuurt.lessons.text import minutes_to_read, rendered
from dagvandebuurt.people.listeners import bundle_here
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import bookmark_of, current_house_rules, person_of
from dagvandebuurt.people.rules import remember_wish, save, unsave
from dagvandebuurt.programme.models import Theme

bp = Blueprint("lessons", __name__)


@bp.app_context_processor
def _heard() -> dict[str, Any]:
    return {"lessons_of": lambda session: lessons_from([session.id]).get(session.id, [])}


@bp.get("/lessen")
@allows(LessonPermission.READ)
def index() -> ResponseReturnValue:
    theme = request.args.get("thema", "")
    found = published(theme)
    return render_template(
        "lessons/index.html",
        lessons=found,
        counts=comment_counts(lesson.id for lesson in found),
        minutes={lesson.id: _minutes(lesson) for lesson in found},
        themes=db.session.scalars(select(Theme).order_by(Theme.position)).all(),
        theme=theme,
    )


@bp.get("/lessen.atom")
@allows(LessonPermission.READ)
def feed() -> ResponseReturnValue:
    """RFC 4287."""
    found = published()
    newest = max((lesson.changed_at for lesson in found), default=clock.now())
    body = render_template(
        "lessons/feed.xml", lessons=found, newest=newest, public=current_app.config["PUBLIC_URL"]
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


@bp.get("/lessen/<slug>")
@allows(LessonPermission.READ)
def show(slug: str) -> ResponseReturnValue:
    return _page(lesson_by_slug(current_user, slug), CommentForm())


def _page(lesson: Lesson, form: CommentForm, status: int = 200) -> ResponseReturnValue:
    house_rules = current_house_rules(clock.now())
    accepted = person_of(current_user).house_rules_version if current_user.is_known else None
    page = render_template(
        "lessons/show.html",
        lesson=lesson,
        bodies={section.id: rendered(section.body) for section in lesson.sections},
        minutes=_minutes(lesson),
        based_on=sources_of(lesson),
        threads=threads_for(current_user, lesson),
        count=comment_counts([lesson.id]).get(lesson.id, 0),
        bookmark=bookmark_of(current_user, lesson.id),
        form=form,
        house_rules=house_rules,
        must_accept=house_rules is not None and accepted != house_rules.version,
        may_comment=can(current_user, LessonPermission.COMMENT),
    )
    return page, status


def _minutes(lesson: Lesson) -> int:
    return minutes_to_read(lesson.lead, *(section.body for section in lesson.sections))


@bp.post("/lessen/<slug>/reacties")
@limiter.limit("120 per minute")
@allows(LessonPermission.WISH)
def comment(slug: str) -> ResponseReturnValue:
    """Say something. Who is not in yet is asked in first; what they typed waits for them."""
    lesson = lesson_by_slug(current_user, slug)
    form = CommentForm()
    if not form.validate():
        return _page(lesson, form, 422)
    if not can(current_user, LessonPermission.COMMENT):
        return _ask_in_first("comment", lesson, form.text.data)
    parent = request.form.get("antwoord_op", "")
    try:
        parent_id = UUID(parent) if parent else None
    except ValueError:
        raise InvalidInput({"antwoord_op": [_("Dit klopt niet.")]}) from None
    try:
        with transaction():
            status = rules.comment(
                current_user,
                lesson,
                text=form.text.data,
                parent_id=parent_id,
                accepts_rules=form.accept_rules.data,
                now=clock.now(),
            ).status
    except RuleBroken as broken:
        where: Any = form.accept_rules if broken.code == "lessons.rules_not_accepted" else form.text
        where.errors = [str(broken.message)]
        return _page(lesson, form, broken.status)
    flash(thanks(status))
    return redirect(url_for(".show", slug=slug) + "#reacties", 303)


@bp.post("/lessen/<slug>/bewaren")
@allows(LessonPermission.WISH)
def keep(slug: str) -> ResponseReturnValue:
    lesson = lesson_by_slug(current_user, slug)
    if not can(current_user, PeoplePermission.SAVE):
        return _ask_in_first("save", lesson, None)
    with transaction():
        save(current_user, lesson.id, kind="lesson", now=clock.now())
    flash(_("Bewaard. Je vindt het terug op Mijn dag."))
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/lessen/<slug>/niet-bewaren")
@allows(PeoplePermission.SAVE)
def let_go(slug: str) -> ResponseReturnValue:
    lesson = lesson_by_slug(current_user, slug)
    with transaction():
        unsave(current_user, lesson.id)
    flash(_("Niet meer bewaard."))
    return redirect(url_for(".show", slug=slug), 303)


def _ask_in_first(kind: str, lesson: Lesson, text: str | None) -> ResponseReturnValue:
    back = url_for(".show", slug=lesson.slug) + ("#reacties" if kind == "comment" else "")
    with transaction():
        remember_wish(bundle_here(), kind, lesson.id, text=text, back_to=back, now=clock.now())
    flash(_("Hiervoor hebben we je e-mailadres nodig. Wat je wilde doen, bewaren we."))
    return redirect(url_for("people.login", verder=back), 303)


@bp.get("/vragen/<uuid:question_id>")
@allows(LessonPermission.READ)
def question(question_id: UUID) -> ResponseReturnValue:
    """One question, its answer, and what came of it: a page that can be linked to."""
    found, its_session = public_question(question_id)
    if found.id != question_id:
        return redirect(url_for(".question", question_id=found.id), 301)
    return render_template(
        "lessons/question.html",
        question=found,
        session_of=its_session,
        lessons=lessons_from([found.id]).get(found.id, []),
    )
