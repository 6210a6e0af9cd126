"""View model of a lesson, shared by the public page and the preview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dagvandebuurt.core.markdown import minutes_to_read, rendered, sections_of
from dagvandebuurt.lessons.models import Lesson
from dagvandebuurt.programme.models import Speaker


@dataclass(frozen=True)
class Part:
    heading: str
    anchor: str
    html: Markup


@dataclass(frozen=True)
class Quoted:
    text: str
    name: str
    function: str


@dataclass(frozen=True)
class Shown:
    in_short: Sequence[str]
    parts: Sequence[Part]
    quotes: Sequence[Quoted]
    minutes: int


def lesson_shown(lesson: Lesson) -> Shown:
    """Return the public view: quotations without consent are left out."""
    return Shown(
        lesson.in_short,
        [Part(each.heading, each.anchor, rendered(each.body)) for each in lesson.sections],
        [
            Quoted(each.text, each.speaker.name, each.speaker.function)
            for each in lesson.quotes
            if each.agreed_at is not None
        ],
        minutes_to_read(lesson.lead, *(each.body for each in lesson.sections)),
    )


def content_shown(content: Mapping[str, Any], speakers: Sequence[Speaker]) -> Shown:
    """Return the preview, including quotations that still need consent."""
    known = {str(each.id): each for each in speakers}
    said = [(each["text"], known.get(each["speaker_id"])) for each in content["quotes"]]
    sections = sections_of(content["body"])
    return Shown(
        content["in_short"],
        [Part(each.heading, each.anchor, rendered(each.body)) for each in sections],
        [Quoted(text, who.name, who.function) for text, who in said if who is not None],
        minutes_to_read(content["lead"], content["body"]),
    )


def picture_of(photo: str | None) -> tuple[str, str, str] | None:
    """Return (kind of endpoint, file to show, file to share) for `photo`: a built-in drawing (`img/…`), or an
    uploaded file.
    """
    if not photo:
        return None
    if photo.startswith("img/"):
        return ("static", photo, "img/og.png")
    return ("files", f"{photo}.webp", f"{photo}.jpg")
