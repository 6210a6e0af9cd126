"""What this room does when others do something: wishes, and sections of the personal page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.lessons import comment_rules
from dagvandebuurt.lessons.models import CommentStatus, Lesson
from dagvandebuurt.lessons.queries import (
    comments_of,
    errata_of,
    lesson_by_id,
    lessons_for,
    lessons_from,
    public_comment,
)
from dagvandebuurt.people.access.pending_actions import grants_wish
from dagvandebuurt.people.bookmarks import Saved, can_be_saved, found_among, to_save
from dagvandebuurt.people.models import Wish
from dagvandebuurt.people.personal_page import my_section
from dagvandebuurt.people.queries import bookmarks_of
from dagvandebuurt.people.rules import save
from dagvandebuurt.qanda.queries import merged_targets, questions_of_person


@grants_wish("comment", _l("Een reactie plaatsen"))
def say_it(actor: Any, wish: Wish, now: datetime) -> str:
    """Somebody typed a comment before they were in, under the rules that stood at the form."""
    lesson = lesson_by_id(actor, wish.target_id)
    written = comment_rules.comment(
        actor, lesson, text=wish.text or "", parent_id=None, accepts_rules=True, now=now
    )
    return thanks(written.status)


@grants_wish("reply", _l("Een antwoord plaatsen"))
def answer_it(actor: Any, wish: Wish, now: datetime) -> str:
    """The same for an answer to what somebody else said."""
    above = public_comment(wish.target_id)
    lesson = lesson_by_id(actor, above.lesson_id)
    written = comment_rules.comment(
        actor, lesson, text=wish.text or "", parent_id=above.id, accepts_rules=True, now=now
    )
    return thanks(written.status)


@grants_wish("save", _l("Een pagina bewaren"))
def save_it(actor: Any, wish: Wish, now: datetime) -> str:
    kind, target = to_save(actor, wish.target_id)
    save(actor, target.id, kind=kind, now=now)
    return _("Bewaard. Je vindt het terug op Mijn dag.")


@can_be_saved("lesson")
def lessons_to_save(actor: Any, ids: Sequence[UUID]) -> list[Saved]:
    found = db.session.scalars(lessons_for(actor).where(Lesson.id.in_(ids)))
    return [Saved(lesson.id, lesson.title, f"/lessen/{lesson.slug}") for lesson in found]


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
    bookmarks = bookmarks_of(actor)
    found = found_among(actor, [bookmark.target_id for bookmark in bookmarks])
    return {"saved": [(each, found[each.target_id]) for each in bookmarks if each.target_id in found]}


@my_section("lessons/_my_comments.html", order=40)
def my_comments(actor: Any) -> dict[str, Any] | None:
    written = comments_of(actor) if actor.has_account else ()
    errata = errata_of(actor)
    return {"written": written, "errata": errata} if written or errata else None
