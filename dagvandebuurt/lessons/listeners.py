"""What this room does when others do something: wishes, and sections of the personal page."""

from datetime import datetime
from typing import Any

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.lessons import rules
from dagvandebuurt.lessons.models import CommentStatus, Lesson
from dagvandebuurt.lessons.queries import comments_of, lesson_by_id, lessons_for, lessons_from
from dagvandebuurt.people.models import Wish
from dagvandebuurt.people.mypage import my_section
from dagvandebuurt.people.queries import bookmarks_of
from dagvandebuurt.people.rules import save
from dagvandebuurt.people.wishes import grants_wish
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import sessions_for
from dagvandebuurt.qanda.queries import merged_targets, questions_of_person


@grants_wish("comment")
def say_it(actor: Any, wish: Wish, now: datetime) -> str:
    """Somebody typed a comment before they were in, under the rules that stood at the form."""
    lesson = lesson_by_id(actor, wish.target_id)
    written = rules.comment(actor, lesson, text=wish.text or "", parent_id=None, accepts_rules=True, now=now)
    return thanks(written.status)


@grants_wish("save")
def save_it(actor: Any, wish: Wish, now: datetime) -> str:
    lesson = lesson_by_id(actor, wish.target_id)
    save(actor, lesson.id, kind="lesson", now=now)
    return _("Bewaard. Je vindt het terug op Mijn dag.")


def thanks(status: CommentStatus) -> str:
    """What to say to somebody who wrote something."""
    if status is CommentStatus.PENDING:
        return _("Dank je wel. Iemand leest je eerste reactie voordat iedereen hem ziet.")
    return _("Dank je wel. Je reactie staat erbij.")


@my_section("lessons/_my_questions.html", order=20)
def my_questions(actor: Any) -> dict[str, Any]:
    """*Wat is er met mijn vraag gebeurd?* Also for anonymous ones, which only their asker finds."""
    asked = questions_of_person(actor)
    return {
        "asked": asked,
        "lessons": lessons_from([question.id for question, _session in asked]),
        "merged": merged_targets([question for question, _session in asked]),
    }


@my_section("lessons/_my_saved.html", order=30)
def my_saved(actor: Any) -> dict[str, Any] | None:
    if not actor.has_account:
        return None
    bookmarks = {bookmark.target_id: bookmark for bookmark in bookmarks_of(actor)}
    lessons = db.session.scalars(lessons_for(actor).where(Lesson.id.in_(list(bookmarks))))
    sessions = db.session.scalars(sessions_for(actor).where(ProgrammeSession.id.in_(list(bookmarks))))
    found: list[tuple[Any, str, Lesson | ProgrammeSession]] = [
        *((bookmarks[lesson.id], "lessons.show", lesson) for lesson in lessons),
        *((bookmarks[session.id], "programme.show", session) for session in sessions),
    ]
    return {"saved": sorted(found, key=lambda row: row[0].saved_at, reverse=True)}


@my_section("lessons/_my_comments.html", order=40)
def my_comments(actor: Any) -> dict[str, Any] | None:
    written = comments_of(actor) if actor.has_account else ()
    return {"written": written} if written else None
