"""Routes of the editors' desk: writing, review and publication of lessons."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.core import clock, worker_pool
from dagvandebuurt.core.errors import NotAllowed, NotFound, RuleBroken
from dagvandebuurt.core.form_handling import attempt
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows, can
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.core.writing_hints import hints_for
from dagvandebuurt.lessons import desk_queries as desk
from dagvandebuurt.lessons import labels, rules
from dagvandebuurt.lessons.content import empty, missing_in, readable
from dagvandebuurt.lessons.errors import NotFinished, WrittenMeanwhile
from dagvandebuurt.lessons.forms import (
    AnswerForm,
    LessonForm,
    NewLessonForm,
    PhotoForm,
    ScheduleForm,
    StepForm,
    typed_as,
)
from dagvandebuurt.lessons.models import Lesson, LessonStatus
from dagvandebuurt.lessons.permissions import LessonPermission
from dagvandebuurt.lessons.pictures import picture_address
from dagvandebuurt.lessons.queries import lesson_by_slug
from dagvandebuurt.lessons.reader_view import content_shown
from dagvandebuurt.lessons.routes import bp
from dagvandebuurt.lessons.sources import offered
from dagvandebuurt.lessons.states import LESSONS, Action
from dagvandebuurt.live.idempotency import once
from dagvandebuurt.parts.files.keeping import keep
from dagvandebuurt.parts.files.pictures import MOST_BYTES, re_encoded
from dagvandebuurt.programme.queries import current_edition, session_by_id

# Actions with a button, and the arguments of each besides its lesson.
STEPS: dict[Action, Callable[..., None]] = {
    Action.SUBMIT: lambda actor, lesson, form, now: rules.submit(actor, lesson, now=now),
    Action.TAKE_BACK: lambda actor, lesson, form, now: rules.take_back(actor, lesson, now=now),
    Action.ASK_CHANGES: lambda actor, lesson, form, now: rules.ask_changes(
        actor, lesson, note=form.note.data, now=now
    ),
    Action.APPROVE: lambda actor, lesson, form, now: rules.approve(
        actor, lesson, note=form.note.data, now=now
    ),
    Action.UNSCHEDULE: lambda actor, lesson, form, now: rules.unschedule(actor, lesson, now=now),
    Action.PUBLISH: lambda actor, lesson, form, now: rules.publish(actor, lesson, now=now),
    Action.ACCEPT: lambda actor, lesson, form, now: rules.accept(
        actor, lesson, revision=_number(form.revision.data), now=now
    ),
    Action.DECLINE: lambda actor, lesson, form, now: rules.decline(
        actor, lesson, note=form.note.data, now=now
    ),
    Action.ARCHIVE: lambda actor, lesson, form, now: rules.archive(actor, lesson, now=now),
    Action.RESTORE: lambda actor, lesson, form, now: rules.restore(actor, lesson, now=now),
}


@bp.url_value_preprocessor
def _make_room_for_a_picture(endpoint: str | None, _values: Any) -> None:
    """Raise the request size limit of this endpoint before the form is parsed; elsewhere it is a megabyte."""
    if endpoint == "lessons.photo":
        request.max_content_length = MOST_BYTES + 100_000


@bp.get("/lessen/regie")
@allows(LessonPermission.READ_UNPUBLISHED)
def desk_page() -> ResponseReturnValue:
    return _desk_page(NewLessonForm(formdata=None))


def _desk_page(form: NewLessonForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "lessons/desk.html",
        labels=labels,
        may_write=can(current_user, LessonPermission.WRITE),
        lessons=desk.on_the_desk(),
        amendments=desk.amendments(),
        errata=desk.open_errata(),
        answer=AnswerForm(formdata=None),
        form=form,
        may_review=can(current_user, LessonPermission.REVIEW),
    )
    return page, status


@bp.post("/lessen/regie")
@allows(LessonPermission.WRITE)
@once
def begin() -> ResponseReturnValue:
    form = NewLessonForm()
    if not form.validate():
        return _desk_page(form, 422)
    with transaction():
        edition = current_edition()
        if edition is None:
            raise NotFound
        slug = rules.begin(current_user, edition, title=form.title.data or "", now=clock.now()).slug
    return redirect(url_for(".editor", slug=slug), 303)


@bp.post("/voorbeeld/les")
@allows(LessonPermission.WRITE)
def preview() -> ResponseReturnValue:
    """Render the text being typed with the code of the public page. Stores nothing."""
    form, choices = LessonForm(), desk.choices()
    form.offer(choices, ())
    content = form.content(empty(""))
    return render_template(
        "lessons/_preview.html",
        shown=content_shown(content, choices.speakers),
        hints=hints_for(f"{content['lead']}\n\n{content['body']}"),
        missing=(),
    )


_NO_PHOTO = dict.fromkeys(("photo", "photo_alt", "photo_credit", "photo_licence"))


@bp.get("/lessen/regie/<slug>")
@allows(LessonPermission.READ_UNPUBLISHED)
def editor(slug: str) -> ResponseReturnValue:
    lesson = lesson_by_slug(current_user, slug)
    return _editor_page(lesson, desk.newest_content(lesson))


def _editor_page(
    lesson: Lesson,
    content: Mapping[str, Any],
    *,
    form: LessonForm | None = None,
    theirs: str | None = None,
    photo_form: PhotoForm | None = None,
    schedule_form: ScheduleForm | None = None,
    step_form: StepForm | None = None,
    missing: Any = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Render the editor. `theirs`: another person's saved text, shown beside one's own."""
    choices = desk.choices()
    if form is None:
        form = LessonForm(formdata=None, data=typed_as(content, lesson.revision))
        form.offer(choices, offered(content["sources"]))
    waiting = desk.waiting_revision(lesson.id)
    page = render_template(
        "lessons/editor.html",
        labels=labels,
        photo=picture_address(content["photo"]),
        lesson=lesson,
        content=content,
        form=form,
        theirs=theirs,
        offered=_by_kind(form),
        source_kinds=labels.SOURCES,
        shown=content_shown(content, choices.speakers),
        hints=hints_for(f"{content['lead']}\n\n{content['body']}"),
        missing=missing_in(content) if missing is None else missing,
        photo_form=photo_form
        or PhotoForm(
            formdata=None,
            alt=content["photo_alt"],
            credit=content["photo_credit"],
            licence=content["photo_licence"] or "",
        ),
        step_form=step_form or StepForm(formdata=None),
        schedule_form=schedule_form or _schedule_form(formdata=None),
        deeds=_actions(lesson, waiting is not None),
        deed_words=labels.ACTIONS,
        may_save=_may(lesson, Action.SAVE) or _may(lesson, Action.AMEND),
        is_published=lesson.status is LessonStatus.PUBLISHED,
        may_schedule=_may(lesson, Action.SCHEDULE),
        waiting=waiting,
        steps=desk.steps_of(lesson),
        step_words=labels.STEPS,
        links=[(link, labels.what_a_link_told(link.told)) for link in desk.links_of(lesson)],
    )
    return page, status


def _by_kind(form: LessonForm) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for box in form.sources:
        found.setdefault(str(box.data).partition(":")[0], []).append(box)
    return found


def _may(lesson: Lesson, action: Action) -> bool:
    """Tell whether this action is possible now, and for this person; only then it is offered."""
    return LESSONS.is_possible(lesson, action) and can(current_user, LESSONS.needs(action), lesson)


def _actions(lesson: Lesson, has_waiting: bool) -> list[Action]:
    about_waiting = (Action.ACCEPT, Action.DECLINE)
    return [
        action for action in STEPS if _may(lesson, action) and (has_waiting or action not in about_waiting)
    ]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else -1


@bp.post("/lessen/regie/<slug>")
@allows(LessonPermission.WRITE)
def keep_text(slug: str) -> ResponseReturnValue:
    """Save the text, or only preview it. On an edit conflict the second person sees both texts."""
    lesson = lesson_by_slug(current_user, slug)
    now_there = desk.newest_content(lesson)
    form = LessonForm()
    form.offer(desk.choices(), offered([*now_there["sources"], *form.sources.data_given()]))
    content = form.content(now_there)
    if not form.validate():
        return _editor_page(lesson, content, form=form, status=422)
    if request.form.get("doe") == "voorbeeld":
        return _editor_page(lesson, content, form=form)
    return attempt(
        form,
        lambda: _keep(lesson, content, _number(form.revision.data), form.what.data or ""),
        page=lambda form, status: _refused_page(slug, content, form, status),
        back=url_for(".editor", slug=slug),
        said=lambda _done: _kept(lesson_by_slug(current_user, slug)),
        at=lambda broken: form.what if broken.code == "lessons.change_note_needed" else form.body,
        passes_on=(),
        validate=False,
    )


def _refused_page(
    slug: str, content: Mapping[str, Any], form: LessonForm, status: int
) -> ResponseReturnValue:
    """Render the editor with the typed text; after an edit conflict, beside the text that was saved."""
    lesson = lesson_by_slug(current_user, slug)
    if not isinstance(form.refused, WrittenMeanwhile):
        if isinstance(form.refused, NotFinished):
            form.body.errors = [*form.refused.details["missing"], *form.body.errors]
        return _editor_page(lesson, content, form=form, status=status)
    form.body.errors = []
    form.revision.data = str(lesson.revision)
    theirs = as_text(desk.newest_content(lesson))
    return _editor_page(lesson, content, form=form, theirs=theirs, status=409)


def _keep(lesson: Lesson, content: Mapping[str, Any], revision: int, what: str) -> None:
    if lesson.status is LessonStatus.PUBLISHED:
        rules.amend(current_user, lesson, content=content, revision=revision, what=what, now=clock.now())
    else:
        rules.save(current_user, lesson, content=content, revision=revision, now=clock.now())


def _kept(lesson: Lesson) -> str:
    if lesson.status is LessonStatus.PUBLISHED:
        return _("Je wijziging wacht tot iemand anders hem leest.")
    return _("Bewaard.")


@bp.post("/lessen/regie/<slug>/foto")
@allows(LessonPermission.WRITE)
def photo(slug: str) -> ResponseReturnValue:
    """Replace the picture and its details, or remove it."""
    lesson = lesson_by_slug(current_user, slug)
    content = desk.newest_content(lesson)
    form = PhotoForm()
    if request.form.get("doe") == "weg":
        changed = {**content, **_NO_PHOTO}
    else:
        sent = request.files.get("foto")
        is_sent = sent is not None and sent.filename != ""
        if not form.validate() or not (is_sent or content["photo"]):
            problems = [] if is_sent or content["photo"] else [_("Kies een foto.")]
            form.form_errors.extend(problems)
            return _editor_page(lesson, content, photo_form=form, status=422)
        told = {
            "photo_alt": form.alt.data, "photo_credit": form.credit.data, "photo_licence": form.licence.data,
        }  # fmt: skip
        try:
            changed = {**content, **told, "photo": _stored(sent) if is_sent else content["photo"]}
        except RuleBroken as broken:
            form.form_errors.append(str(broken.message))
            return _editor_page(lesson, content, photo_form=form, status=broken.status)

    def page(form: PhotoForm, status: int) -> ResponseReturnValue:
        lesson = lesson_by_slug(current_user, slug)
        form.revision.data = str(lesson.revision)
        return _editor_page(lesson, desk.newest_content(lesson), photo_form=form, status=status)

    return attempt(
        form,
        lambda: _keep(lesson, changed, _number(form.revision.data), _("Andere foto.")),
        page=page,
        back=url_for(".editor", slug=slug, _anchor="foto"),
        said=lambda _done: _kept(lesson_by_slug(current_user, slug)),
        passes_on=(),
        validate=False,
    )


def _stored(sent: Any) -> str:
    """Return the file name under which it is stored."""
    return keep(worker_pool.PICTURES.do(re_encoded, sent.read(MOST_BYTES + 1)))


@bp.post("/lessen/regie/<slug>/stap")
@allows(LessonPermission.READ_UNPUBLISHED)
def take_step(slug: str) -> ResponseReturnValue:
    """Apply a workflow transition. The command checks the permission."""
    lesson = lesson_by_slug(current_user, slug)
    form = StepForm()
    action = next((action for action in STEPS if action == form.deed.data), None)
    if action is None:
        raise NotFound

    def page(form: StepForm, status: int) -> ResponseReturnValue:
        lesson = lesson_by_slug(current_user, slug)
        content = desk.newest_content(lesson)
        if isinstance(form.refused, NotFinished):
            return _editor_page(lesson, content, missing=form.refused.details["missing"], status=status)
        return _editor_page(lesson, content, step_form=form, status=status)

    return attempt(
        form,
        lambda: STEPS[action](current_user, lesson, form, clock.now()),
        page=page,
        back=url_for(".editor", slug=slug),
        said=labels.DONE[action],
        at=form.note,
        passes_on=(NotAllowed,),
    )


def _schedule_form(**given: Any) -> ScheduleForm:
    form = ScheduleForm(**given)
    form.session.choices = [("", "–")] + [
        (str(each.id), f"{each.title} ({clock.local(each.starts_at):%d-%m %H:%M})")
        for each in desk.coming_sessions(clock.now())
    ]
    return form


@bp.post("/lessen/regie/<slug>/moment")
@allows(LessonPermission.PUBLISH)
def schedule(slug: str) -> ResponseReturnValue:
    lesson = lesson_by_slug(current_user, slug)
    form = _schedule_form()

    def act() -> None:
        session = session_by_id(current_user, UUID(form.session.data)) if form.session.data else None
        rules.schedule(current_user, lesson, moment=form.moment, session=session, now=clock.now())

    def page(form: ScheduleForm, status: int) -> ResponseReturnValue:
        lesson = lesson_by_slug(current_user, slug)
        return _editor_page(lesson, desk.newest_content(lesson), schedule_form=form, status=status)

    return attempt(
        form,
        act,
        page=page,
        back=url_for(".editor", slug=slug),
        said=_("De les is gepland."),
        at=form.day,
        passes_on=(),
    )


def as_text(content: dict[str, Any]) -> str:
    return readable(content, desk.choices().names([content]))
