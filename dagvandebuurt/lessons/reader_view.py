"""The reading part of a lesson: the same for the page, and for the preview of what is being typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dagvandebuurt.lessons.markdown import minutes_to_read, rendered, sections_of
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
    """As everybody reads it: words of somebody who did not agree (yet) are not there."""
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
    """As it would look, with the quotes that still need a yes."""
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
    """(endpoint's kind, to be read, to be shared) of what stands in `photo`: a drawing of the house itself
    (`img/…`), or the name of a picture that was sent."""
    if not photo:
        return None
    if photo.startswith("img/"):
        return ("static", photo, "img/og.png")
    return ("files", f"{photo}.webp", f"{photo}.jpg")
