"""Commands on lessons. The state machine is in `states.py`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.markdown import links_in
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.lessons.content import content_of, empty, missing_in, put
from dagvandebuurt.lessons.desk_queries import (
    free_slug,
    has_written,
    launched_by,
    waiting_revision,
)
from dagvandebuurt.lessons.errors import (
    ChangeNoteNeeded,
    MomentPassed,
    NoteNeeded,
    NotFinished,
    NothingWaits,
    OwnText,
    WrittenMeanwhile,
)
from dagvandebuurt.lessons.models import (
    Erratum,
    Lesson,
    LessonLink,
    LessonRevision,
)
from dagvandebuurt.lessons.permissions import LessonPermission
from dagvandebuurt.lessons.states import LESSONS, Action

# --- writing a lesson ----------------------------------------------------------------------------


@command(needs=LessonPermission.WRITE)
def begin(actor: Actor, edition: Any, *, title: str, now: datetime) -> Lesson:
    """Create a lesson, with a title and nothing else."""
    lesson = Lesson(
        edition_id=edition.id,
        slug=free_slug(slug_of(title)),
        title=title,
        lead="",
        in_short=[],
        writer_id=actor.id,
        changed_at=now,
        corrections=[],
    )
    db.session.add(lesson)
    _keep(actor, lesson, empty(title), now=now, what=None, is_waiting=False)
    return lesson


@LESSONS.command(Action.SAVE)
def save(actor: Actor, lesson: Lesson, *, content: Mapping[str, Any], revision: int, now: datetime) -> None:
    """Save the text of an unpublished lesson. Raises WrittenMeanwhile when another one was saved since
    `revision`, LessonMoved when it is no longer a draft.
    """
    _require(lesson, Action.SAVE)
    if lesson.revision != revision:
        raise WrittenMeanwhile
    if content == content_of(lesson):
        return
    put(lesson, content, now)
    lesson.revision += 1
    _keep(actor, lesson, content, now=now, what=None, is_waiting=False)


@LESSONS.command(Action.AMEND)
def amend(
    actor: Actor, lesson: Lesson, *, content: Mapping[str, Any], revision: int, what: str, now: datetime
) -> None:
    """Propose another text for a published lesson, hidden until another person accepts it.

    `what` is the public note of the correction. Replaces a waiting proposal.
    """
    _require(lesson, Action.AMEND)
    if lesson.revision != revision:
        raise WrittenMeanwhile
    if not what:
        raise ChangeNoteNeeded
    _complete(content)
    waiting = waiting_revision(lesson.id)
    if waiting is not None:
        waiting.is_waiting = False
    lesson.revision += 1
    _keep(actor, lesson, content, now=now, what=what, is_waiting=True)


def _keep(
    actor: Actor,
    lesson: Lesson,
    content: Mapping[str, Any],
    *,
    now: datetime,
    what: str | None,
    is_waiting: bool,
) -> None:
    if not is_waiting:
        lesson.changed_at = now
    db.session.flush()
    db.session.add(
        LessonRevision(
            lesson_id=lesson.id, number=lesson.revision, content=dict(content), what=what,
            is_waiting=is_waiting, made_at=now, made_by_id=actor.id,
        )
    )  # fmt: skip
    _look_up_links(lesson, content["body"])


def _look_up_links(lesson: Lesson, body: str) -> None:
    """Register the links of the text for the periodic check."""
    wanted = links_in(body)
    db.session.execute(
        delete(LessonLink)
        .where(LessonLink.lesson_id == lesson.id, LessonLink.url.not_in(wanted))
        .execution_options(synchronize_session=False)
    )
    known = set(db.session.scalars(select(LessonLink.url).where(LessonLink.lesson_id == lesson.id)))
    db.session.add_all(LessonLink(lesson_id=lesson.id, url=url) for url in wanted if url not in known)


# --- workflow ------------------------------------------------------------------------------------


@LESSONS.command(Action.SUBMIT)
def submit(actor: Actor, lesson: Lesson, *, now: datetime) -> None:
    """Submit it for review. Raises NotFinished with what is missing."""
    _require(lesson, Action.SUBMIT)
    _complete(content_of(lesson))
    LESSONS.apply(actor, lesson, Action.SUBMIT, now=now)


@LESSONS.command(Action.TAKE_BACK)
def take_back(actor: Actor, lesson: Lesson, *, now: datetime) -> None:
    """Return it to draft. Approval and schedule are lost."""
    _require(lesson, Action.TAKE_BACK)
    LESSONS.apply(actor, lesson, Action.TAKE_BACK, now=now)
    lesson.publish_at = lesson.launch_session_id = None


@LESSONS.command(Action.ASK_CHANGES)
def ask_changes(actor: Actor, lesson: Lesson, *, note: str, now: datetime) -> None:
    """Return it to its writer, with a note."""
    _require(lesson, Action.ASK_CHANGES)
    if not note:
        raise NoteNeeded
    LESSONS.apply(actor, lesson, Action.ASK_CHANGES, now=now, note=note)


@LESSONS.command(Action.APPROVE)
def approve(actor: Actor, lesson: Lesson, *, note: str, now: datetime) -> None:
    """Approve it. Raises OwnText for anybody who wrote part of it."""
    _require(lesson, Action.APPROVE)
    if has_written(lesson.id, actor.id):
        raise OwnText
    LESSONS.apply(actor, lesson, Action.APPROVE, now=now, note=note)


@LESSONS.command(Action.SCHEDULE)
def schedule(actor: Actor, lesson: Lesson, *, moment: datetime | None, session: Any, now: datetime) -> None:
    """Schedule publication: at a `moment`, or when `session` goes live. Raises MomentPassed."""
    _require(lesson, Action.SCHEDULE)
    when = session.starts_at if session is not None else moment
    if when is None or when <= now:
        raise MomentPassed
    lesson.publish_at = moment if session is None else None
    lesson.launch_session_id = session.id if session is not None else None
    LESSONS.apply(actor, lesson, Action.SCHEDULE, now=now)


@LESSONS.command(Action.UNSCHEDULE)
def unschedule(actor: Actor, lesson: Lesson, *, now: datetime) -> None:
    _require(lesson, Action.UNSCHEDULE)
    LESSONS.apply(actor, lesson, Action.UNSCHEDULE, now=now)
    lesson.publish_at = lesson.launch_session_id = None


@LESSONS.command(Action.PUBLISH)
def publish(actor: Actor, lesson: Lesson, *, now: datetime) -> None:
    """Publish it now."""
    _require(lesson, Action.PUBLISH)
    _appear(lesson, now)
    LESSONS.apply(actor, lesson, Action.PUBLISH, now=now)


def go_live(lesson: Lesson, *, now: datetime) -> None:
    """Publish a scheduled lesson. Raises LessonMoved when it is no longer scheduled."""
    _require(lesson, Action.GO_LIVE)
    _appear(lesson, now)
    LESSONS.apply(None, lesson, Action.GO_LIVE, now=now)


def launch(session_id: UUID, *, now: datetime) -> int:
    """Publish all lessons that wait for a session, together: all, or none after any error."""
    waiting = launched_by(session_id)
    for lesson in waiting:
        go_live(lesson, now=now)
    return len(waiting)


def _appear(lesson: Lesson, now: datetime) -> None:
    lesson.published_at = lesson.published_at or now
    lesson.changed_at = now
    lesson.publish_at = None


@LESSONS.command(Action.ACCEPT)
def accept(actor: Actor, lesson: Lesson, *, revision: int, now: datetime) -> None:
    """Publish the waiting change; readers see when and what. Raises OwnText for its proposer,
    WrittenMeanwhile when the waiting change is not the reviewed one.
    """
    _require(lesson, Action.ACCEPT)
    waiting = _waiting(lesson)
    if waiting.made_by_id == actor.id:
        raise OwnText
    if waiting.number != revision:
        raise WrittenMeanwhile
    put(lesson, waiting.content, now)
    waiting.is_waiting = False
    lesson.changed_at = now
    lesson.corrections = [*lesson.corrections, {"at": now.isoformat(), "what": waiting.what}]
    LESSONS.apply(actor, lesson, Action.ACCEPT, now=now)


@LESSONS.command(Action.DECLINE)
def decline(actor: Actor, lesson: Lesson, *, note: str, now: datetime) -> None:
    """Reject the change, with a reason. The proposal stays among the revisions."""
    _require(lesson, Action.DECLINE)
    if not note:
        raise NoteNeeded
    _waiting(lesson).is_waiting = False
    LESSONS.apply(actor, lesson, Action.DECLINE, now=now, note=note)


@LESSONS.command(Action.ARCHIVE)
def archive(actor: Actor, lesson: Lesson, *, now: datetime) -> None:
    """Archive it: out of the lists, still readable by address."""
    _require(lesson, Action.ARCHIVE)
    LESSONS.apply(actor, lesson, Action.ARCHIVE, now=now)


@LESSONS.command(Action.RESTORE)
def restore(actor: Actor, lesson: Lesson, *, now: datetime) -> None:
    _require(lesson, Action.RESTORE)
    LESSONS.apply(actor, lesson, Action.RESTORE, now=now)


@LESSONS.command(Action.TAKE_DOWN)
def take_down(actor: Actor, lesson: Lesson, *, note: str, now: datetime) -> None:
    """Take it down as a moderator: nobody can read it any more."""
    _require(lesson, Action.TAKE_DOWN)
    LESSONS.apply(actor, lesson, Action.TAKE_DOWN, now=now, note=note)


@LESSONS.command(Action.PUT_BACK)
def put_back(actor: Actor, lesson: Lesson, *, note: str, now: datetime) -> None:
    _require(lesson, Action.PUT_BACK)
    LESSONS.apply(actor, lesson, Action.PUT_BACK, now=now, note=note)


def _waiting(lesson: Lesson) -> LessonRevision:
    waiting = waiting_revision(lesson.id)
    if waiting is None:
        raise NothingWaits
    return waiting


def _complete(content: Mapping[str, Any]) -> None:
    missing = missing_in(content)
    if missing:
        raise NotFinished(missing=missing)


def _require(lesson: Lesson, action: Action) -> None:
    """Lock the lesson and check the transition."""
    db.session.refresh(lesson, ["status", "revision"], with_for_update=True)
    LESSONS.require(lesson, action)


@command(needs=LessonPermission.READ)
def say_what_is_wrong(actor: Actor, lesson: Lesson, *, text: str, now: datetime) -> Erratum:
    """Report an error in a lesson. People with an account hear what was done with it."""
    sent = Erratum(lesson_id=lesson.id, sender_id=actor.id, text=text, sent_at=now)
    db.session.add(sent)
    return sent


@command(needs=LessonPermission.WRITE)
def answer_erratum(actor: Actor, erratum: Erratum, *, answer: str, now: datetime) -> None:
    """Answer the report. A second answer replaces the first."""
    erratum.answer, erratum.answered_at = answer, now
