"""Subscriptions of lessons to events of other sections: pending actions, and the personal page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_login import current_user

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.hooks import merged
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.core.personal_data import PersonalData, personal_data
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.lessons import comment_rules, privacy, retention_holds, sources
from dagvandebuurt.lessons.desk_queries import waiting_on_the_desk
from dagvandebuurt.lessons.hooks import own_comment_views, source_types
from dagvandebuurt.lessons.models import CommentStatus, Lesson
from dagvandebuurt.lessons.permissions import LessonPermission
from dagvandebuurt.lessons.queries import (
    comments_of,
    errata_of,
    lesson_by_id,
    lessons_for,
    lessons_from,
    public_comment,
)
from dagvandebuurt.people.bookmarks import found_among, to_save
from dagvandebuurt.people.hooks import (
    BookmarkKind,
    PageSection,
    PendingActionKind,
    Saved,
    WorkPage,
    bookmark_kinds,
    pending_actions,
    personal_page_sections,
    work_pages,
)
from dagvandebuurt.people.models import PendingAction
from dagvandebuurt.people.queries import bookmark_of, bookmarks_of
from dagvandebuurt.people.rules import save
from dagvandebuurt.programme.hooks import room_page_views, session_page_views
from dagvandebuurt.programme.models import Phase, ProgrammeSession
from dagvandebuurt.qanda import labels as question_labels
from dagvandebuurt.qanda.hooks import own_question_views
from dagvandebuurt.qanda.models import QuestionStatus
from dagvandebuurt.qanda.queries import merged_targets, questions_of_person
from dagvandebuurt.qanda.timelines import timelines_of


def say_it(actor: Any, wish: PendingAction, now: datetime) -> str:
    """Store a comment typed before logging in, under the version of the house rules shown then."""
    lesson = lesson_by_id(actor, wish.target_id)
    written = comment_rules.comment(
        actor, lesson, text=wish.text or "", parent_id=None, accepts_rules=True, now=now
    )
    return thanks(written.status)


def answer_it(actor: Any, wish: PendingAction, now: datetime) -> str:
    """Store a reply typed before logging in."""
    above = public_comment(wish.target_id)
    lesson = lesson_by_id(actor, above.lesson_id)
    written = comment_rules.comment(
        actor, lesson, text=wish.text or "", parent_id=above.id, accepts_rules=True, now=now
    )
    return thanks(written.status)


def save_it(actor: Any, wish: PendingAction, now: datetime) -> str:
    kind, target = to_save(actor, wish.target_id)
    save(actor, target.id, kind=kind, now=now)
    return _("Bewaard. Je vindt het terug op Mijn dag.")


def lessons_to_save(actor: Any, ids: Sequence[UUID]) -> list[Saved]:
    found = db.session.scalars(lessons_for(actor).where(Lesson.id.in_(ids)))
    return [Saved(lesson.id, lesson.title, path_for("lessons.show", slug=lesson.slug)) for lesson in found]


def thanks(status: CommentStatus) -> str:
    """Return the message after writing something."""
    if status is CommentStatus.PENDING:
        return _("Dank je wel. Iemand leest je eerste reactie voordat iedereen hem ziet.")
    return _("Dank je wel. Je reactie staat erbij.")


def my_questions(actor: Any) -> dict[str, Any]:
    """Return a person's questions and their outcome (*Wat is er met mijn vraag gebeurd?*), also anonymous
    ones.
    """
    asked = questions_of_person(actor)
    hidden = [question.id for question, _session in asked if question.status is QuestionStatus.HIDDEN]
    return {
        "question_labels": question_labels,
        "beside": {question_id: merged(own_question_views(question_id)) for question_id in hidden},
        "asked": asked,
        "lessons": lessons_from([question.id for question, _session in asked]),
        "merged": merged_targets([question for question, _session in asked]),
        "timelines": timelines_of([question for question, _session in asked], now=clock.now()),
    }


def my_saved(actor: Any) -> dict[str, Any] | None:
    if not actor.has_account:
        return None
    bookmarks = bookmarks_of(actor)
    found = found_among(actor, [bookmark.target_id for bookmark in bookmarks])
    return {"saved": [(each, found[each.target_id]) for each in bookmarks if each.target_id in found]}


def my_comments(actor: Any) -> dict[str, Any] | None:
    written = comments_of(actor) if actor.has_account else ()
    errata = errata_of(actor)
    if not written and not errata:
        return None
    hidden = [comment for comment, _lesson in written if comment.status is CommentStatus.HIDDEN]
    return {
        "written": written,
        "errata": errata,
        "beside": {comment.id: merged(own_comment_views(comment)) for comment in hidden},
    }


def my_sections() -> list[PageSection]:
    return [
        PageSection("lessons/_my_questions.html", 20, my_questions),
        PageSection("lessons/_my_saved.html", 30, my_saved),
        PageSection("lessons/_my_comments.html", 40, my_comments),
    ]


def kinds_to_save() -> list[BookmarkKind]:
    return [
        BookmarkKind("lesson", lessons_to_save),
    ]


def actions_after_login() -> list[PendingActionKind]:
    return [
        PendingActionKind("comment", _l("Een reactie plaatsen"), say_it),
        PendingActionKind("reply", _l("Een antwoord plaatsen"), answer_it),
        PendingActionKind("save", _l("Een pagina bewaren"), save_it),
    ]


def lessons_of_session(session: ProgrammeSession) -> Mapping[str, object]:
    """List the lessons of a session, once it is over."""
    is_over = session.phase_at(clock.now()) is Phase.ENDED
    return {"lessons": lessons_from([session.id]).get(session.id, []) if is_over else []}


def bookmark_of_session(session: ProgrammeSession) -> Mapping[str, object]:
    return {"lessons": bookmark_of(current_user, session.id)}


def desks() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Redactie"),
            endpoint="lessons.desk_page",
            label=_l("Lessen schrijven"),
            order=40,
            icon="edit",
            about=_l("Schrijf lessen, lees die van een ander na, en zet ze online."),
            works_here=lambda actor: can(actor, LessonPermission.READ_UNPUBLISHED),
            waiting=lambda _actor: waiting_on_the_desk(),
        )
    ]


def kept_of_people() -> PersonalData:
    return PersonalData(
        rules=[privacy.COMMENT],
        erase=[privacy.comments_go, privacy.errata_go, privacy.lessons_lose_their_writer],
        dissolve=[privacy.comments_without_authors, privacy.speakers_as_published],
        owed=[retention_holds.who_reported_a_fault, retention_holds.whose_comment_waits],
    )


personal_page_sections.subscribe(my_sections)
bookmark_kinds.subscribe(kinds_to_save)
pending_actions.subscribe(actions_after_login)
source_types.subscribe(sources.own_types)
room_page_views.subscribe(lessons_of_session)
session_page_views.subscribe(bookmark_of_session)
personal_data.subscribe(kept_of_people)
work_pages.subscribe(desks)
