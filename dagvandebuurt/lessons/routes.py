"""Public routes of lessons, comments and bookmarks."""

from collections.abc import Iterator, Sequence
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
from dagvandebuurt.core.errors import InvalidInput, NotFound, RuleBroken
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.markdown import minutes_to_read
from dagvandebuurt.core.network import network
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.schema_org import as_script
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.extensions import limiter, throttle
from dagvandebuurt.lessons import comment_rules, rules
from dagvandebuurt.lessons.forms import CommentForm, ErratumForm
from dagvandebuurt.lessons.json_ld import article
from dagvandebuurt.lessons.models import CommentStatus, Lesson, LessonStatus
from dagvandebuurt.lessons.permissions import LessonPermission
from dagvandebuurt.lessons.pictures import picture_address, shared_picture
from dagvandebuurt.lessons.queries import (
    CommentView,
    Thread,
    comment_counts,
    editions_with_lessons,
    lesson_by_id,
    lesson_by_slug,
    lessons_from,
    own_comment,
    own_view,
    public_question,
    published,
    seen,
    threads_for,
)
from dagvandebuurt.lessons.reader_view import lesson_shown
from dagvandebuurt.lessons.sources import sources_of
from dagvandebuurt.lessons.subscribers import thanks
from dagvandebuurt.live.idempotency import once, skip
from dagvandebuurt.parts.branding.cards import RATE, card_response
from dagvandebuurt.people.access.login import new_pending_bundle
from dagvandebuurt.people.bookmarks import to_save
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import current_house_rules
from dagvandebuurt.people.rules import add_pending_action, save, unsave
from dagvandebuurt.programme.models import Theme
from dagvandebuurt.programme.queries import programme_path
from dagvandebuurt.qanda.follow_ups import outcomes_of
from dagvandebuurt.qanda.timelines import timeline_of_question

bp = Blueprint("lessons", __name__)


@bp.get("/lessen")
@allows(LessonPermission.READ)
def index() -> ResponseReturnValue:
    theme, edition = request.args.get("thema", ""), request.args.get("editie", "")
    found = published(theme, edition)
    return render_template(
        "lessons/index.html",
        pictures={lesson.id: picture_address(lesson.photo) for lesson in found},
        lessons=found,
        counts=comment_counts(lesson.id for lesson in found),
        minutes={
            lesson.id: minutes_to_read(lesson.lead, *(each.body for each in lesson.sections))
            for lesson in found
        },
        themes=db.session.scalars(select(Theme).order_by(Theme.position)).all(),
        editions=editions_with_lessons(),
        theme=theme,
        chosen_edition=edition,
    )


@bp.get("/lessen.atom")
@allows(LessonPermission.READ)
def feed() -> ResponseReturnValue:
    """Return the Atom feed (RFC 4287)."""
    found = published()
    newest = max((lesson.changed_at for lesson in found), default=clock.now())
    body = render_template(
        "lessons/feed.xml", lessons=found, newest=newest, public=current_app.config["PUBLIC_URL"]
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")


@bp.get("/lessen/<slug>")
@allows(LessonPermission.READ)
def show(slug: str) -> ResponseReturnValue:
    return _page(lesson_by_slug(current_user, slug), CommentForm(formdata=None))


@bp.get("/lessen/<slug>/deelbeeld.png")
@limiter.limit(RATE, key_func=network)
@allows(LessonPermission.READ)
def card(slug: str) -> ResponseReturnValue:
    """Draw the picture beside a shared link of a lesson that everybody may read."""
    lesson = lesson_by_slug(current_user, slug)
    if lesson.status not in (LessonStatus.PUBLISHED, LessonStatus.ARCHIVED):
        raise NotFound
    return card_response("Les", lesson.title)


def _page(lesson: Lesson, form: CommentForm, status: int = 200) -> ResponseReturnValue:
    house_rules = current_house_rules(clock.now())
    accepted, bookmark = own_view(current_user, lesson.id)
    threads = threads_for(current_user, lesson)
    page = render_template(
        "lessons/show.html",
        may_write=can(current_user, LessonPermission.WRITE),
        photo=picture_address(lesson.photo),
        shared_photo=shared_picture(lesson),
        lesson=lesson,
        shown=lesson_shown(lesson),
        based_on=sources_of(lesson.id),
        threads=threads,
        count=seen(threads),
        bookmark=bookmark,
        form=form,
        house_rules=house_rules,
        must_accept=accepted != house_rules.version,
        may_comment=can(current_user, LessonPermission.COMMENT),
        takes_comments=lesson.status is LessonStatus.PUBLISHED,
        reply_to=_reply_to(threads),
        # Each date is formatted once: for five hundred comments that was most of the time.
        written_on={said.on: said.written_at for said in _said(threads)},
        linked=as_script(article(lesson)),
    )
    return page, status


def _said(threads: Sequence[Thread]) -> Iterator[CommentView]:
    return (said for thread in threads for said in (thread.comment, *thread.replies))


def _reply_to(threads: Any) -> Any:
    """Return the comment to reply to, from the query string; None when it is gone."""
    wanted = request.values.get("antwoord_op", "")
    return next(
        (said for said in _said(threads) if str(said.id) == wanted and said.status is CommentStatus.VISIBLE),
        None,
    )


@bp.post("/lessen/<slug>/reacties")
@throttle("20 per minute", together="120 per minute")
@allows(LessonPermission.WISH)
@once
def comment(slug: str) -> ResponseReturnValue:
    """Submit a comment. Visitors log in first; their text is stored as a pending action."""
    lesson = lesson_by_slug(current_user, slug)
    form = CommentForm()
    if not form.validate():
        return _page(lesson, form, 422)
    parent = request.form.get("antwoord_op", "")
    try:
        parent_id = UUID(parent) if parent else None
    except ValueError:
        raise InvalidInput({"antwoord_op": [_("Dit klopt niet.")]}) from None
    if not can(current_user, LessonPermission.COMMENT):
        skip()  # a pending action of this browser only
        kind, target_id = ("reply", parent_id) if parent_id else ("comment", lesson.id)
        return _ask_in_first(kind, target_id, form.text.data, f"{_path(lesson)}#reacties")
    return attempt(
        form,
        lambda: (
            comment_rules.comment(
                current_user,
                lesson,
                text=form.text.data or "",
                parent_id=parent_id,
                accepts_rules=form.accept_rules.data,
                now=clock.now(),
            ).status
        ),
        page=lambda form, status: _page(lesson_by_slug(current_user, slug), form, status),
        back=f"{_path(lesson)}#reacties",
        said=thanks,
        at=lambda broken: form.accept_rules if broken.code == "lessons.rules_not_accepted" else form.text,
        passes_on=(),
        validate=False,
    )


@bp.get("/lessen/<slug>/reacties/<uuid:comment_id>")
@allows(PeoplePermission.SAVE)
def edit_form(slug: str, comment_id: UUID) -> ResponseReturnValue:
    """Show the form to edit or delete one's own comment."""
    found = own_comment(current_user, comment_id)
    return _edit_page(found, CommentForm(formdata=None, text=found.text))


def _edit_page(comment: Any, form: CommentForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "lessons/edit_comment.html",
        comment=comment,
        lesson=lesson_by_id(current_user, comment.lesson_id),
        form=form,
        is_in_time=clock.now() - comment.written_at <= comment_rules.TIME_TO_EDIT,
    )
    return page, status


@bp.post("/lessen/<slug>/reacties/<uuid:comment_id>")
@allows(PeoplePermission.SAVE)
def edit(slug: str, comment_id: UUID) -> ResponseReturnValue:
    found = own_comment(current_user, comment_id)
    form = CommentForm()
    return attempt(
        form,
        lambda: comment_rules.edit_comment(current_user, found, text=form.text.data or "", now=clock.now()),
        page=lambda form, status: _edit_page(own_comment(current_user, comment_id), form, status),
        back=url_for(".show", slug=slug, _anchor=f"reactie-{comment_id}"),
        said=_("Je reactie is veranderd."),
        at=form.text,
        passes_on=(),
    )


@bp.post("/lessen/<slug>/reacties/<uuid:comment_id>/weghalen")
@allows(PeoplePermission.SAVE)
def take_away(slug: str, comment_id: UUID) -> ResponseReturnValue:
    found = own_comment(current_user, comment_id)
    with transaction():
        comment_rules.delete_comment(current_user, found, now=clock.now())
    flash(_("Je reactie is weg."))
    return redirect(f"{url_for('.show', slug=slug)}#reacties", 303)


@bp.get("/lessen/<slug>/fout")
@allows(LessonPermission.READ)
def erratum_form(slug: str) -> ResponseReturnValue:
    return _erratum_page(lesson_by_slug(current_user, slug), ErratumForm(formdata=None))


def _erratum_page(lesson: Lesson, form: ErratumForm, status: int = 200) -> ResponseReturnValue:
    return render_template("lessons/erratum.html", lesson=lesson, form=form), status


@bp.post("/lessen/<slug>/fout")
@throttle("20 per hour", together="200 per hour")
@allows(LessonPermission.READ)
@once
def erratum(slug: str) -> ResponseReturnValue:
    """Submit a report of an error in a lesson. Needs no account."""
    lesson = lesson_by_slug(current_user, slug)
    form = ErratumForm()
    if not form.validate():
        return _erratum_page(lesson, form, 422)
    with transaction():
        rules.say_what_is_wrong(current_user, lesson, text=form.text.data or "", now=clock.now())
    flash(_("Dank je wel. De redactie kijkt ernaar."))
    return redirect(_path(lesson), 303)


@bp.post("/bewaren/<uuid:target_id>")
@allows(LessonPermission.WISH)
def keep(target_id: UUID) -> ResponseReturnValue:
    """Bookmark a page: a lesson, session or other registered type. Visitors log in first."""
    kind, target = to_save(current_user, target_id)
    if not can(current_user, PeoplePermission.SAVE):
        return _ask_in_first("save", target.id, None, target.path)
    with transaction():
        save(current_user, target.id, kind=kind, now=clock.now())
    flash(_("Bewaard. Je vindt het terug op Mijn dag."))
    return redirect(target.path, 303)


@bp.post("/niet-bewaren/<uuid:target_id>")
@allows(PeoplePermission.SAVE)
def let_go(target_id: UUID) -> ResponseReturnValue:
    """Remove a bookmark, also of something this person may no longer see."""
    with transaction():
        unsave(current_user, target_id)
    flash(_("Niet meer bewaard."))
    try:
        path = to_save(current_user, target_id)[1].path
    except RuleBroken:
        path = f"{url_for('people.mine')}#bewaard"
    return redirect(path, 303)


def _ask_in_first(kind: str, target_id: UUID, text: str | None, back: str) -> ResponseReturnValue:
    with transaction():
        add_pending_action(new_pending_bundle(), kind, target_id, text=text, back_to=back, now=clock.now())
    flash(_("Hiervoor hebben we je e-mailadres nodig. Wat je wilde doen, bewaren we."))
    return redirect(url_for("people.login", verder=back), 303)


def _path(lesson: Lesson) -> str:
    return url_for("lessons.show", slug=lesson.slug)


@bp.get("/vragen/<uuid:question_id>")
@allows(LessonPermission.READ)
def question(question_id: UUID) -> ResponseReturnValue:
    """Show one question, its answer, and its follow-ups: a permanent page."""
    found, its_session = public_question(question_id)
    if found.id != question_id:
        return redirect(url_for(".question", question_id=found.id), 301)
    return render_template(
        "lessons/question.html",
        outcomes=outcomes_of([found.id]).get(found.id, []),
        question=found,
        line=timeline_of_question(found, now=clock.now()),
        session_of=its_session,
        programme_path=programme_path(its_session),
        lessons=lessons_from([found.id]).get(found.id, []),
    )
