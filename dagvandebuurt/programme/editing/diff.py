"""Diff of two snapshots in words, for the preview of publishing and the public changelog."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import in_words
from dagvandebuurt.people.labels import DOMAINS
from dagvandebuurt.programme.editing.labels import (
    FIELDS,
    INVOLVEMENTS,
    STATUSES,
    VENUE_KINDS,
    language_in_words,
)
from dagvandebuurt.programme.editing.snapshot import Difference, Plan, RecordKind, moment
from dagvandebuurt.programme.labels import ACCESS, KINDS, LEVELS
from dagvandebuurt.programme.models import SessionStatus

POINTS_AT = {
    "organisation": RecordKind.ORGANISATION,
    "round": RecordKind.ROUND,
    "venue": RecordKind.VENUE,
    "themes": RecordKind.THEME,
    "speakers": RecordKind.SPEAKER,
    "hosts": RecordKind.SPEAKER,
}
WORDS: Mapping[str, Mapping[Any, Any]] = {
    "involvement": INVOLVEMENTS,
    "status": STATUSES,
    "language_level": LEVELS,
    "domain": DOMAINS,
    "domains": DOMAINS,
    "access": ACCESS,
}
KIND_WORDS: Mapping[RecordKind, Mapping[Any, Any]] = {
    RecordKind.SESSION: KINDS,
    RecordKind.VENUE: VENUE_KINDS,
}
LONG = 60  # characters: longer texts are compared word by word
TOO_LONG = 20_000  # characters: longer texts are not shown
# Internal fields, never shown.
SILENT = frozenset({"slug", "code", "position", "exchange"})


@dataclass(frozen=True)
class DiffLine:
    """Change of one field, before and after in words. For a long text also its pieces: `("same"

    "out"

    "in", text)`.
    """

    name: str
    label: str
    before: str
    after: str
    pieces: tuple[tuple[str, str], ...] = ()


def lines_of(difference: Difference, before: Plan, after: Plan) -> list[DiffLine]:
    """Return a difference field by field. For a new thing only the fields with a value."""
    found = []
    for field in difference.fields:
        if field.name in SILENT and (difference.is_new or field.name == "exchange"):
            continue
        was = "" if difference.is_new else in_our_words(difference.kind, field.name, field.before, before)
        will = in_our_words(difference.kind, field.name, field.after, after)
        if was == will:
            continue
        is_long = not difference.is_new and LONG < max(len(was), len(will)) < TOO_LONG
        pieces = tuple(marked(was, will)) if is_long and isinstance(field.after, str) else ()
        found.append(DiffLine(field.name, str(FIELDS.get(field.name, field.name)), was, will, pieces))
    return found


def in_our_words(kind: RecordKind, name: str, value: Any, plan: Plan) -> str:
    """Return a value of a snapshot in words. Empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, list):
        return ", ".join(filter(None, (_one(kind, name, each, plan) for each in value)))
    return _one(kind, name, value, plan)


def _one(kind: RecordKind, name: str, value: Any, plan: Plan) -> str:
    if name in POINTS_AT:
        return plan.named(POINTS_AT[name], UUID(str(value)))
    if name.endswith("_at"):
        return in_words(moment(str(value)))
    if name in ("languages", "interpreters"):
        return language_in_words(str(value))
    words = KIND_WORDS.get(kind, {}) if name == "kind" else WORDS.get(name, {})
    return str(words.get(value, value))


def marked(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Compare two texts word by word, as removed and added pieces."""
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    for what, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(old[i:j])
            continue
        if i < j:
            yield "out", "".join(old[i:j])
        if k < m:
            yield "in", "".join(new[k:m])


@dataclass(frozen=True)
class News:
    """Meaning of a release for one session, to visitors."""

    title: str
    session_id: UUID
    says: tuple[str, ...]


def news_of(changes: list[dict[str, Any]], plan: Plan) -> list[News]:
    """Return the changes of one version, with names from `plan` as it is now. Only what visitors see."""
    found = []
    for change in changes:
        session_id = UUID(change["id"])
        now = plan.sessions.get(session_id)
        if change["kind"] != RecordKind.SESSION or (now is not None and now.status is SessionStatus.DRAFT):
            continue
        found.append(News(change["title"], session_id, tuple(_news(change, plan))))
    return found


def is_about_the_rest(changes: list[dict[str, Any]]) -> bool:
    """Tell whether something other than sessions changed as well."""
    return any(change["kind"] != RecordKind.SESSION for change in changes)


def _news(change: dict[str, Any], plan: Plan) -> Iterator[str]:
    fields = {each["name"]: each for each in change["fields"]}
    if change["is_new"]:
        starts = fields.get("starts_at", {}).get("after")
        yield _("Nieuw: %(when)s.", when=in_words(moment(starts))) if starts else _("Nieuw.")
        return
    status = fields.pop("status", None)
    if status is not None:
        yield _going_on(status)
    starts, ends = fields.pop("starts_at", None), fields.pop("ends_at", None)
    if starts:
        yield _("Andere tijd: %(now)s. Eerst was dat %(before)s.",
                now=in_words(moment(starts["after"])), before=in_words(moment(starts["before"])))  # fmt: skip
    elif ends:
        yield _("Ander einde: %(now)s.", now=in_words(moment(ends["after"])))
    venue = fields.pop("venue", None)
    if venue:
        place = in_our_words(RecordKind.SESSION, "venue", venue["after"], plan)
        yield _("Andere plek: %(place)s.", place=place) if place else _("Andere plek: online.")
    part = fields.pop("round", None)
    if part:
        yield _(
            "Andere ronde: %(round)s.", round=in_our_words(RecordKind.SESSION, "round", part["after"], plan)
        )
    if fields.pop("speakers", None):
        yield _("Andere sprekers.")
    if fields.pop("hosts", None):
        yield _("Andere gespreksleider.")
    if fields.pop("capacity", None):
        yield _("Ander aantal plekken.")
    if fields.keys() - SILENT:
        yield _("Tekst verbeterd.")


def _going_on(status: dict[str, Any]) -> str:
    if status["after"] == SessionStatus.CANCELLED:
        return _("Gaat niet door.")
    return _("Gaat toch door.") if status["before"] == SessionStatus.CANCELLED else _("Nieuw.")
