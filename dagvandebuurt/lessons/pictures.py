"""Addresses of the pictures of lessons."""

from flask import url_for

from dagvandebuurt.lessons.models import Lesson
from dagvandebuurt.lessons.reader_view import picture_of
from dagvandebuurt.parts.branding.queries import brand


def picture_address(photo: str | None, *, shared: bool = False) -> str:
    """Return the URL of a picture: to show on the page, or as link preview."""
    found = picture_of(photo)
    if found is None or (shared and found[0] == "static"):  # a drawing of ours is no JPEG
        return brand.share_picture if shared else ""
    kind, read, sent = found
    name = sent if shared else read
    return url_for("static", filename=name) if kind == "static" else url_for("files.picture", name=name)


def shared_picture(lesson: Lesson) -> str:
    """Return the URL of the picture beside a shared link: the photo of the lesson, else its card."""
    found = picture_of(lesson.photo)
    if found is not None and found[0] == "files":
        return picture_address(lesson.photo, shared=True)
    return url_for("lessons.card", slug=lesson.slug)
