"""The lessons of the demo, with their sources and comments."""

from dagvandebuurt.core.db import db
from dagvandebuurt.core.text import slug_of
from dagvandebuurt.demo.content import Content, id_of
from dagvandebuurt.demo.rows import add, kind_of, reference
from dagvandebuurt.lessons.models import (
    Comment,
    CommentStatus,
    Lesson,
    LessonQuote,
    LessonSection,
    LessonSource,
    LessonStatus,
    SourceKind,
)
from dagvandebuurt.programme.models import (
    Theme,
)


def load_lessons(content: Content) -> None:
    for number, row in enumerate(content["lessons"]):
        published = row["status"] == "published"
        moment = content.afterwards(2 + number)
        if not add(
            Lesson,
            row["id"],
            edition_id=id_of("edition"),
            slug=row["slug"],
            title=row["title"],
            lead=row["lead"],
            in_short=row["in_short"],
            author_id=id_of(row["author"]),
            status=LessonStatus(row["status"]),
            photo=f"img/lessons/{row['slug']}.svg",
            photo_alt=row["photo"]["alt"],
            photo_credit=row["photo"]["credit"],
            photo_licence="Eigen werk",
            publisher_id=id_of("org-netwerk"),
            published_at=moment if published else None,
            changed_at=moment,
        ):
            continue
        db.session.flush()
        lesson = db.session.get_one(Lesson, id_of(row["id"]))
        lesson.themes = [db.session.get_one(Theme, id_of(code)) for code in row["themes"]]
        lesson.sections = [
            LessonSection(position=i, anchor=slug_of(section["heading"]), **section)
            for i, section in enumerate(row["sections"])
        ]
        lesson.quotes = [
            LessonQuote(position=i, text=quote["text"], speaker_id=id_of(quote["person"]), agreed_at=moment)
            for i, quote in enumerate(row["quotes"])
        ]
        sources = [(kind, name) for kind, names in row["sources"].items() for name in names]
        lesson.sources = [
            LessonSource(position=i, kind=SourceKind(kind.removesuffix("s")), target_id=id_of(name))
            for i, (kind, name) in enumerate(sources)
        ]


def load_comments(content: Content) -> list[str]:
    """Load the comments on lessons; return a line for each that is about something else."""
    left_out: list[str] = []
    for row in content["comments"]:
        if kind_of(row["target"]) != "lesson":
            left_out.append(f"comment {row['id']} on {row['target']}")
            continue
        add(
            Comment,
            row["id"],
            lesson_id=id_of(row["target"]),
            parent_id=reference(row["parent"]),
            author_id=id_of(row["author"]),
            badge=row.get("badge"),
            text=row["text"],
            status=CommentStatus(row["status"]),
            hidden_reason=row.get("hidden_reason"),
            written_at=content.afterwards(row["day"]),
        )
    return left_out
