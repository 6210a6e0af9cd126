"""Lessons in the words of schema.org."""

from datetime import datetime
from typing import Literal

from flask import current_app, url_for
from pydantic import Field

from dagvandebuurt.core.schema_org import Thing, public_url
from dagvandebuurt.lessons.models import Lesson
from dagvandebuurt.lessons.text import rendered
from dagvandebuurt.programme.linked import DefinedTerm, PartOf, Person, person, term


class Article(Thing):
    """A lesson. `abstract` is its first lines, `articleBody` the rest as plain text."""

    type_: Literal["Article"] = Field(default="Article", serialization_alias="@type")
    identifier: str
    headline: str
    abstract: str
    articleBody: str
    author: Person | None = None
    about: list[DefinedTerm]
    isPartOf: PartOf
    image: str | None = None
    inLanguage: str = "nl"
    url: str
    datePublished: datetime | None = None
    dateModified: datetime


def article(lesson: Lesson) -> Article:
    parts = [part for each in lesson.sections for part in (each.heading, rendered(each.body).striptags())]
    photo = url_for("static", filename=lesson.photo) if lesson.photo else None
    return Article(
        identifier=lesson.slug,
        headline=lesson.title,
        abstract=lesson.lead,
        articleBody="\n\n".join([*lesson.in_short, *parts]),
        author=person(lesson.author) if lesson.author is not None else None,
        about=[term(each) for each in lesson.themes],
        isPartOf=PartOf(identifier=lesson.edition.slug, name=lesson.edition.title),
        image=f"{current_app.config['PUBLIC_URL']}{photo}" if photo else None,
        url=public_url("lessons.show", slug=lesson.slug),
        datePublished=lesson.published_at,
        dateModified=lesson.changed_at,
    )
