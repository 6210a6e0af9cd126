"""Import preview: each session as parsed, its warnings, and the resulting changes."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from dagvandebuurt.programme.editing import rules
from dagvandebuurt.programme.editing.conflicts import clashes
from dagvandebuurt.programme.editing.load import draft_entries
from dagvandebuurt.programme.editing.snapshot import Difference, Plan, RecordKind
from dagvandebuurt.programme.exchange.document import Document, ParsedSession
from dagvandebuurt.programme.exchange.match_result import MatchResult
from dagvandebuurt.programme.exchange.repairs import Repair
from dagvandebuurt.programme.exchange.warnings import Doubt, doubts_of
from dagvandebuurt.programme.models import Edition

MOST_SHOWN = 200
MOST_SESSIONS_SHOWN = 2_000


def summary_of(edition: Edition, document: Document, outcome: MatchResult, before: Plan) -> dict[str, Any]:
    """Return the preview as JSON: counts, and the first of each list. `before` is the programme without the
    file.
    """
    findings = document.findings
    lines = _lines(document, outcome, before)
    is_elsewhere = bool(lines) and all(Doubt.OUTSIDE in each["doubts"] for each in lines)
    if is_elsewhere:  # more than this: one warning for the whole file
        for each in lines:
            each["doubts"] = [doubt for doubt in each["doubts"] if doubt is not Doubt.OUTSIDE]
    by_fate = {fate: [each for each in lines if each["fate"] == fate] for fate in ("new", "changed", "same")}
    doubtful = [each for each in lines if each["doubts"]]
    found = clashes(outcome.plan)
    return {
        "format": document.format,
        "version": document.version,
        "is_table": document.is_table,
        "sessions": len(document.sessions),
        "repairs": [each.as_json() for each in sorted(findings.repairs, key=_by_place)[: MOST_SHOWN * 2]],
        "repairs_count": len(findings.repairs),
        "errors": [each.as_json() for each in findings.errors[:MOST_SHOWN]],
        "errors_count": len(findings.errors),
        **{fate: several[:MOST_SESSIONS_SHOWN] for fate, several in by_fate.items()},
        **{f"{fate}_count": len(several) for fate, several in by_fate.items()},
        "doubtful": doubtful[:MOST_SHOWN],
        "doubtful_count": len(doubtful),
        "is_elsewhere": is_elsewhere,
        "gone": [_gone(outcome.plan, session_id) for session_id in outcome.gone[:MOST_SESSIONS_SHOWN]],
        "gone_count": len(outcome.gone),
        "others": _counted(outcome.changes),
        "clashes": [
            {"kind": each.kind.value, "who": each.who, "titles": list(each.titles)}
            for each in found[:MOST_SHOWN]
        ],
        "clashes_count": len(found),
        "is_fatal": any(each.is_fatal for each in found),
        "edition": {
            name: value if isinstance(value, str) else value.isoformat()
            for name, value in outcome.edition_said.items()
        },
        "drafts": len(draft_entries(edition)),
        "seen": rules.fingerprint_of(outcome.changes),
    }


def _by_place(found: Repair) -> tuple[str, int]:
    return found.sheet, found.line


def _lines(document: Document, outcome: MatchResult, before: Plan) -> list[dict[str, Any]]:
    """Return each session of the file, by start time."""
    changes = {each.thing_id: each for each in outcome.sessions}
    doubts = doubts_of(document.sessions, outcome.laid, outcome.plan)
    lines = [
        _line(outcome.plan, before, session_id, said, changes.get(session_id)) | {"doubts": doubt}
        for said, session_id, doubt in zip(document.sessions, outcome.laid, doubts, strict=True)
    ]
    return sorted(lines, key=lambda line: (line["starts_at"], line["title"]))


def _line(
    plan: Plan, before: Plan, session_id: UUID, said: ParsedSession, change: Difference | None
) -> dict[str, Any]:
    names = set(change.names) - {"exchange"} if change is not None else set()
    fate = "new" if change is not None and change.is_new else "changed" if change is not None else "same"
    was = before.sessions.get(session_id)
    moved = was is not None and names & {"starts_at", "ends_at"}
    return {
        "line": said.line,
        "sheet": said.sheet,
        "fate": fate,
        "fields": sorted(names),
        "was": _times(was) if moved else None,
        **_told(plan, session_id),
    }


def _told(plan: Plan, session_id: UUID) -> dict[str, Any]:
    session = plan.sessions[session_id]
    return {
        "title": session.title,
        "room": plan.named(RecordKind.VENUE, session.venue),
        "people": [plan.named(RecordKind.SPEAKER, who) for who in session.speakers],
        "hosts": [plan.named(RecordKind.SPEAKER, who) for who in session.hosts],
        **_times(session),
    }


def _times(session: Any) -> dict[str, Any]:
    return {"starts_at": session.starts_at.isoformat(), "ends_at": session.ends_at.isoformat()}


def _gone(plan: Plan, session_id: UUID) -> dict[str, Any]:
    return {"id": str(session_id), **_told(plan, session_id)}


def _counted(changes: Iterable[Difference]) -> dict[str, int]:
    """Count new and visibly changed things of each other kind."""
    counted: dict[str, int] = {}
    for each in changes:
        if each.kind is not RecordKind.SESSION and (each.is_new or each.names - {"exchange"}):
            counted[each.kind.value] = counted.get(each.kind.value, 0) + 1
    return counted
