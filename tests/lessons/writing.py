"""Helpers of the lesson tests: lessons in every status, and people to change them."""

from dagvandebuurt.core.db import db
from dagvandebuurt.lessons.models import (
    Comment,
    CommentStatus,
    Lesson,
    LessonRevision,
    LessonSection,
    LessonSource,
    LessonStatus,
    SourceKind,
)
from dagvandebuurt.programme.models import Speaker


def a_speaker(make, name="Joke de Wit"):
    code = f"p-{make.next()}"
    return make.store(Speaker(code=code, name=name, function="bewoner", bio=""))


def a_lesson(make, now, status=LessonStatus.DRAFT, *, session=None, writer=None, **values):
    """Create a complete lesson in this status."""
    session = session or make.session()
    speaker = a_speaker(make)
    is_out = status in (LessonStatus.PUBLISHED, LessonStatus.ARCHIVED, LessonStatus.TAKEN_DOWN)
    values = {
        "slug": f"les-{make.next()}", "title": "Een nee met uitleg", "lead": "Kort.",
        "in_short": ["Eén.", "Twee.", "Drie."], "status": status, "author_id": speaker.id,
        "published_at": now if is_out else None, "changed_at": now, "corrections": [],
        "publish_at": now.replace(year=now.year + 1) if status is LessonStatus.SCHEDULED else None,
        "writer_id": writer.id if writer else None,
    } | values  # fmt: skip
    lesson = make.store(
        Lesson(
            edition_id=session.edition_id,
            sections=[LessonSection(position=0, anchor="begin", heading="Begin", body="Een begin.")],
            sources=[LessonSource(position=0, kind=SourceKind.SESSION, target_id=session.id)],
            **values,
        )
    )
    return lesson


def a_proposal(make, lesson, now, by, **changed):
    """Create a change of a published lesson that waits for review."""
    from dagvandebuurt.lessons.content import content_of

    with make.context():
        here = db.session.get(Lesson, lesson.id)
        content = content_of(here) | changed
        here.revision += 1
        number = here.revision
        db.session.add(
            LessonRevision(
                lesson_id=lesson.id, number=number, content=content, what="Een getal verbeterd.",
                is_waiting=True, made_at=now, made_by_id=by.id,
            )
        )  # fmt: skip
        db.session.commit()
    return number


def a_comment(make, lesson, author, status=CommentStatus.VISIBLE, **values):
    values = {"text": "Mooi.", "status": status, "written_at": lesson.changed_at} | values
    if status is CommentStatus.HIDDEN:
        values.setdefault("hidden_reason", "respect")
    return make.store(Comment(lesson_id=lesson.id, author_id=author.id, **values))


def read_before(make, lesson, *people):
    """Approve an earlier comment of each: their next one shows at once."""
    for person in people:
        a_comment(make, lesson, person, text="Eerder")
