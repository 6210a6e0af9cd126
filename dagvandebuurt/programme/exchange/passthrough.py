"""Pass-through of unknown fields: stored with the thing, and exported again while still true."""

from typing import Any

from dagvandebuurt.programme.exchange import parse
from dagvandebuurt.programme.exchange.document import Document, Record

# Fields our own columns hold in full: kept only where the file wrote them otherwise.
_HELD = {"title": 160, "subtitle": 200}
_HELD_LONG = ("abstract", "description")


def kept_of(raw: Record) -> dict[str, Any]:
    """Compare a record to our export: `said` is what differs, `silent` what the file left out."""
    said = dict(raw)
    for name, most in _HELD.items():
        if isinstance(said.get(name), str) and parse.line_of(said[name], most) == said[name]:
            said.pop(name)
    for name in _HELD_LONG:
        if isinstance(said.get(name), str) and parse.text_of(said[name]) == said[name]:
            said.pop(name)
    return {"said": said, "silent": [name for name in ("subtitle", "description", "end") if name not in raw]}


def kept_person(said: dict[str, Any], bio: str, origin: str) -> dict[str, Any]:
    """Return a file's record of a person, without the biography, which is stored in our own column."""
    if not said:
        return {}
    kept = {name: value for name, value in said.items() if name != "role"}
    if kept.get("biography") == bio:
        kept["biography"] = ""
    return {"said": kept, "from": origin}


def kept_top(document: Document, edition: Any) -> dict[str, Any]:
    """Return the conference and its days; `then` is our version at the time, to detect later edits."""
    return {
        "format": document.format,
        "top": document.top,
        "conference": document.conference,
        "has_tracks": bool(document.tracks),
        "days": document.days,
        "breaks": document.breaks,
        "then": {
            "title": edition.title,
            "starts_at": edition.starts_at.isoformat(),
            "ends_at": edition.ends_at.isoformat(),
        },
    }
