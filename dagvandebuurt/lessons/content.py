"""Content of a lesson as one plain value: submitted by a form, stored in a revision, rendered on a page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.markdown import sections_of, text_of
from dagvandebuurt.lessons.models import Lesson, LessonQuote, LessonSection, LessonSource, SourceKind
from dagvandebuurt.programme.models import Theme

POINTS, QUOTES = 3, 3
# Fields that are columns of the lesson itself, and those that are foreign keys.
PLAIN = ("title", "lead", "in_short", "photo", "photo_alt", "photo_credit", "photo_licence")
WHO = ("author_id", "interviewed_id", "publisher_id")


def content_of(lesson: Lesson) -> dict[str, Any]:
    """Return the current content."""
    return {
        **{name: getattr(lesson, name) for name in PLAIN},
        **{name: _text(getattr(lesson, name)) for name in WHO},
        "body": text_of([(section.heading, section.body) for section in lesson.sections]),
        "themes": [str(theme.id) for theme in lesson.themes],
        "quotes": [
            {"text": each.text, "speaker_id": str(each.speaker_id), "agreed": each.agreed_at is not None}
            for each in lesson.quotes
        ],
        "sources": [f"{source.kind}:{source.target_id}" for source in lesson.sources],
    }


def empty(title: str) -> dict[str, Any]:
    """Return the content of a new lesson."""
    return {
        **dict.fromkeys((*PLAIN, *WHO)), "title": title, "lead": "", "in_short": [], "body": "",
        "themes": [], "quotes": [], "sources": [],
    }  # fmt: skip


def put(lesson: Lesson, content: Mapping[str, Any], now: datetime) -> None:
    """Replace the content. Unchanged quotes keep the timestamp of their consent."""
    for name in PLAIN:
        setattr(lesson, name, content[name])
    for name in WHO:
        setattr(lesson, name, _id(content[name]))
    agreed = {(each.text, each.speaker_id): each.agreed_at for each in lesson.quotes}
    lesson.themes = list(db.session.scalars(select(Theme).where(Theme.id.in_(map(UUID, content["themes"])))))
    lesson.sections.clear()
    lesson.quotes.clear()
    lesson.sources.clear()
    db.session.flush()  # delete first: anchors and sources are unique
    lesson.sections.extend(
        LessonSection(position=place, anchor=each.anchor, heading=each.heading, body=each.body)
        for place, each in enumerate(sections_of(content["body"]))
    )
    for place, quote in enumerate(content["quotes"]):
        speaker_id = UUID(quote["speaker_id"])
        since = agreed.get((quote["text"], speaker_id)) or now
        lesson.quotes.append(
            LessonQuote(
                position=place, text=quote["text"], speaker_id=speaker_id,
                agreed_at=since if quote["agreed"] else None,
            )
        )  # fmt: skip
    for place, source in enumerate(content["sources"]):
        kind, _colon, target_id = source.partition(":")
        lesson.sources.append(LessonSource(position=place, kind=SourceKind(kind), target_id=UUID(target_id)))


def missing_in(content: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each thing missing before review."""
    sections = sections_of(content["body"])
    checks = (
        (content["lead"], _("Schrijf een inleiding van een paar zinnen.")),
        (len(content["in_short"]) == POINTS, _("Vul de drie punten van 'In het kort' in.")),
        (sections, _("Schrijf de les zelf.")),
        (all(section.heading for section in sections), _("Begin de tekst met een kop: ## en dan de kop.")),
        (content["author_id"], _("Kies wie de les schreef.")),
        (content["sources"], _("Kies waarop de les is gebaseerd.")),
        (
            all(quote["agreed"] for quote in content["quotes"]),
            _("Vraag bij elk citaat of de spreker het goed vindt, en zet het vinkje."),
        ),
        (
            not content["photo"] or (content["photo_alt"] and content["photo_credit"] and content["photo_licence"]),
            _("Zet bij de foto wat erop staat, wie hem maakte en welke licentie erbij hoort."),
        ),
    )  # fmt: skip
    return [sentence for is_there, sentence in checks if not is_there]


def readable(content: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return the content as lines for a diff. `names` maps ids and sources to their names."""

    def called(ids: Iterable[Any]) -> str:
        return ", ".join(names.get(str(each), "…") for each in ids if each)

    quotes = [f"> {quote['text']} ({called([quote['speaker_id']])})" for quote in content["quotes"]]
    facts = (
        (_("Door"), called([content["author_id"]])),
        (_("In gesprek met"), called([content["interviewed_id"]])),
        (_("Uitgegeven door"), called([content["publisher_id"]])),
        (_("Thema's"), called(sorted(content["themes"], key=str))),
        (_("Foto"), " · ".join(content[name] for name in PLAIN[3:] if content[name])),
        (_("Gebaseerd op"), called(content["sources"])),
    )
    told = [f"{name}: {value}" for name, value in facts if value]
    points = [f"- {point}" for point in content["in_short"]]
    blocks = ([content["title"], content["lead"]], points, [content["body"]], quotes, told)
    return "\n".join("\n".join(block) for block in blocks if any(block))


def _text(value: UUID | None) -> str | None:
    return str(value) if value is not None else None


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None
