"""JSON-LD of lessons in the vocabulary of schema.org."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from dagvandebuurt.core.schema_org import Thing, public_url
from dagvandebuurt.lessons.models import Lesson
from dagvandebuurt.lessons.reader_view import lesson_shown, picture_of
from dagvandebuurt.programme.public.json_ld import (
    DefinedTerm,
    Organization,
    PartOf,
    Person,
    organization,
    person,
    term,
)


class Article(Thing):
    """Lesson. `abstract` is its first lines, `articleBody` the rest as plain text."""

    type_: Literal["Article"] = Field(default="Article", serialization_alias="@type")
    identifier: str
    headline: str
    abstract: str
    articleBody: str
    author: Person | None = None
    publisher: Organization | None = None
    about: list[DefinedTerm]
    isPartOf: PartOf
    image: str | None = None
    inLanguage: str = "nl"
    url: str
    datePublished: datetime | None = None
    dateModified: datetime


def article(lesson: Lesson) -> Article:
    shown = lesson_shown(lesson)
    parts = [part for each in shown.parts for part in (each.heading, each.html.striptags())]
    return Article(
        identifier=lesson.slug,
        headline=lesson.title,
        abstract=lesson.lead,
        articleBody="\n\n".join([*shown.in_short, *parts]),
        author=person(lesson.author) if lesson.author is not None else None,
        publisher=organization(lesson.publisher) if lesson.publisher is not None else None,
        about=[term(each) for each in lesson.themes],
        isPartOf=PartOf(identifier=lesson.edition.slug, name=lesson.edition.title),
        image=_image(lesson.photo),
        url=public_url("lessons.show", slug=lesson.slug),
        datePublished=lesson.published_at,
        dateModified=lesson.changed_at,
    )


def _image(photo: str | None) -> str | None:
    found = picture_of(photo)
    if found is None:
        return None
    kind, read, sent = found
    return public_url("static", filename=read) if kind == "static" else public_url("files.picture", name=sent)
