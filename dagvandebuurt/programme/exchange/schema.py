"""Schemas of the exchange formats, and sanitising of every file's text."""

import json
import re
from collections.abc import Callable
from typing import Any

from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.schedule_json import OURS
from dagvandebuurt.programme.exchange.to_records import Telling

_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def text_or_nothing(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _truth(value: Any) -> bool:
    return value is None or isinstance(value, bool)


def matches(pattern: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def one_of(*words: str) -> Check:
    return lambda value: value in words


def is_uuid(value: Any) -> bool:
    return parse.uuid_of(value) is not None


def _number_or_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


_LINK_TYPES = ("slides", "paper", "web", "blog", "article", "media", "related", "activitypub")
ROOM_TYPES = ("lecturehall", "stage", "workshop", "outside", "online", "project", "bbb", "hangar", "other")
EVENT: dict[str, Check] = {
    "guid": is_uuid, "code": matches("[A-Z0-9]+"), "id": lambda v: isinstance(v, int), "logo": text_or_nothing,
    "date": is_text, "start": is_text, "end": is_text, "duration": is_text, "room": is_text,
    "slug": matches("[a-z0-9_-]+[a-z0-9]"), "url": parse.is_address, "title": is_text, "subtitle": text_or_nothing,
    "track": text_or_nothing, "type": is_text, "language": text_or_nothing, "abstract": text_or_nothing,
    "description": text_or_nothing, "recording_license": is_text, "do_not_record": _truth,
    "do_not_stream": lambda v: v is None or isinstance(v, bool | str), "persons": lambda v: isinstance(v, list),
    "links": lambda v: isinstance(v, list), "feedback_url": parse.is_address, "origin_url": parse.is_address,
    "attachments": lambda v: isinstance(v, list),
}  # fmt: skip
CONFERENCE: dict[str, Check] = {
    "acronym": is_text, "title": is_text, "description": is_text, "start": is_text, "end": is_text,
    "daysCount": lambda v: isinstance(v, int), "timeslot_duration": is_text, "time_zone_name": is_text,
    "logo": parse.is_address, "colors": lambda v: isinstance(v, dict),
    "keywords": lambda v: isinstance(v, list) and all(isinstance(each, str) for each in v),
    "url": parse.is_address, "meta": lambda v: isinstance(v, dict),
}  # fmt: skip
ROOM: dict[str, Check] = {
    "name": is_text, "slug": matches("[a-z0-9_-]+[a-z0-9]"), "type": one_of(*ROOM_TYPES), "guid": is_uuid,
    "stream_id": text_or_nothing, "description": lambda v: v is None or isinstance(v, str | dict),
    "capacity": _number_or_nothing, "url": parse.is_address,
}  # fmt: skip
TRACK: dict[str, Check] = {"name": is_text, "slug": matches("[a-z0-9_-]+[a-z0-9]"), "color": is_text}
PERSON: dict[str, Check] = {
    "id": lambda v: isinstance(v, int) and not isinstance(v, bool), "guid": is_uuid, "code": matches("[A-Z0-9]+"),
    "name": is_text, "public_name": is_text, "avatar": text_or_nothing, "biography": text_or_nothing,
    "url": parse.is_address, "answers": lambda v: isinstance(v, list),
}  # fmt: skip
REFERENCE: dict[str, Check] = {"url": parse.is_address, "title": is_text, "type": one_of(*_LINK_TYPES)}


def only(checks: dict[str, Check], found: dict[str, Any]) -> dict[str, Any]:
    """Keep the fields that the schema knows, with valid values."""
    return {name: found[name] for name, good in checks.items() if name in found and good(found[name])}


def clean(value: Any) -> Any:
    """Remove characters that XML forbids, control characters and lone surrogates, at any depth."""
    if isinstance(value, str):
        return _NO_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, dict):
        return {clean(key): clean(each) for key, each in value.items()}
    if isinstance(value, list):
        return [clean(each) for each in value]
    return value


def json_bytes(value: dict[str, Any]) -> bytes:
    return (json.dumps(clean(value), ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def generator() -> dict[str, str]:
    return {"name": OURS, "version": "1.0"}


def version_of(telling: Telling, number: int) -> str:
    return telling.version() or str(number)
