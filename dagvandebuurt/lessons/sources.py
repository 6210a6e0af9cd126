"""Registry of source types of lessons; each section registers its own, and one query finds them all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, String, Text, cast, literal, null, select, union_all

from dagvandebuurt.core.db import db
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.lessons.hooks import SourceType, source_types
from dagvandebuurt.lessons.models import LessonSource, SourceKind
from dagvandebuurt.programme.models import Edition, ProgrammeSession, SessionStatus
from dagvandebuurt.qanda.models import PUBLIC, Question


@dataclass(frozen=True)
class SourceChoice:
    """SourceChoice of a lesson, as far as it is public."""

    kind: SourceKind
    id: UUID
    label: str
    path: str

    @property
    def key(self) -> str:
        """Return its key in forms and revisions."""
        return f"{self.kind}:{self.id}"


def _kinds() -> dict[SourceKind, SourceType]:
    return {each.kind: each for there in source_types() for each in there}


def sources_of(lesson_id: UUID) -> list[SourceChoice]:
    """Return the sources of a lesson, in the order of its writer."""
    return _found(
        lambda kind, found: (
            select(*_columns(kind, found), LessonSource.position)
            .join(LessonSource, LessonSource.target_id == found.c.id)
            .where(LessonSource.lesson_id == lesson_id, LessonSource.kind == kind)
        )
    )


def named(keys: Iterable[str]) -> list[SourceChoice]:
    """Return the sources of `kind:id` keys; those no longer public are left out."""
    wanted: dict[str, list[UUID]] = {}
    for key in keys:
        kind, _colon, target_id = key.partition(":")
        wanted.setdefault(kind, []).append(UUID(target_id))
    return _found(
        lambda kind, found: select(*_columns(kind, found), literal(0).label("position")).where(
            found.c.id.in_(wanted.get(kind.value, []))
        )
    )


def offered(chosen: Sequence[str], most: int = 60) -> list[SourceChoice]:
    """Return the options of a writer: chosen ones, all sessions, and questions of the chosen sessions.

    `chosen` may hold client input: invalid keys are ignored.
    """
    known = {kind.value for kind in _kinds()}
    keys = [key for key in chosen if key.partition(":")[0] in known and _is_id(key.partition(":")[2])]
    there = {source.key: source for source in named(keys)}
    sessions = [UUID(key.partition(":")[2]) for key in keys if key.startswith(f"{SourceKind.SESSION}:")]
    asked = db.session.execute(
        select(Question.id, Question.text)
        .where(Question.session_id.in_(sessions), Question.status.in_(PUBLIC))
        .order_by(Question.support_count.desc(), Question.id)
        .limit(most)
    )
    more = [
        *_all_of(SourceKind.SESSION),
        *(
            SourceChoice(
                SourceKind.QUESTION, row.id, row.text, path_for("lessons.question", question_id=row.id)
            )
            for row in asked
        ),
    ]
    found = {key: there[key] for key in keys if key in there}
    return list((found | {source.key: source for source in more if source.key not in found}).values())


def not_signed_up(keys: Iterable[str]) -> list[str]:
    """Return keys of unregistered types: they cannot be shown, and are kept."""
    return [key for key in keys if key.partition(":")[0] not in {kind.value for kind in _kinds()}]


def _all_of(kind: SourceKind) -> list[SourceChoice]:
    signed_up = _kinds()[kind]
    rows = db.session.execute(signed_up.public()).all()
    found = [SourceChoice(kind, row[0], row[1], signed_up.path(row[0], row[2])) for row in rows]
    return sorted(found, key=lambda source: source.label.casefold())


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _columns(kind: SourceKind, found: Any) -> tuple[Any, ...]:
    return (literal(kind.value).label("kind"), found.c.id, found.c.label, found.c.slug)


def _found(chosen: Callable[[SourceKind, Any], Select[Any]]) -> list[SourceChoice]:
    kinds = _kinds()
    parts = [chosen(kind, each.public().subquery()) for kind, each in kinds.items()]
    rows: Sequence[Any] = db.session.execute(union_all(*parts)).all()
    return [
        SourceChoice(
            SourceKind(row.kind), row.id, row.label, kinds[SourceKind(row.kind)].path(row.id, row.slug)
        )
        for row in sorted(rows, key=lambda row: row.position)
    ]


OWN_TYPES = (
    SourceType(
        SourceKind.SESSION,
        public=lambda: select(
            ProgrammeSession.id,
            cast(ProgrammeSession.title, Text).label("label"),
            cast(ProgrammeSession.slug, String).label("slug"),
        ).where(
            ProgrammeSession.status != SessionStatus.DRAFT,
            ProgrammeSession.edition_id.in_(select(Edition.id).where(Edition.is_open)),
        ),
        path=lambda _id, slug: path_for("programme.show", slug=slug),
    ),
    SourceType(
        SourceKind.QUESTION,
        public=lambda: select(
            Question.id, Question.text.label("label"), cast(null(), String).label("slug")
        ).where(Question.status.in_(PUBLIC)),
        path=lambda question_id, _slug: path_for("lessons.question", question_id=question_id),
    ),
)


def own_types() -> tuple[SourceType, ...]:
    """Return what a lesson of this congress is mostly based on: its sessions and their questions."""
    return OWN_TYPES
