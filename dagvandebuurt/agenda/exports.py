"""Open data of the agenda: the public pages as data. No personal data."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dagvandebuurt.agenda.deadlines import days_late, days_until_answer
from dagvandebuurt.agenda.models import FollowUp
from dagvandebuurt.core.clock import local
from dagvandebuurt.core.spreadsheets import Cell

HEADERS = (
    "nummer", "titel", "toelichting", "organisatie", "samen met", "thema", "plaats", "stand", "besluit",
    "gevraagd op", "antwoord voor of op", "dagen tot antwoord", "dagen te laat", "steun", "volgers", "doen mee",
    "antwoord",
)  # fmt: skip


def rows(
    points: Sequence[FollowUp], followers: Mapping[UUID, int], joined: Mapping[UUID, int], now: datetime
) -> list[list[Cell]]:
    """Yield a row for each point, under HEADERS."""
    return [
        [
            each["number"], each["title"], each["body"], each["organisation"], ", ".join(each["partners"]),
            each["theme"], each["place"], each["status"], each["decision"], each["sent_on"], each["due_on"],
            each["days_until_answer"], each["days_late"], each["supporters"], each["followers"],
            each["participants"], each["answers"][-1]["text"] if each["answers"] else None,
        ]
        for each in (data(point, followers, joined, now) for point in points)
    ]  # fmt: skip


def data(
    point: FollowUp, followers: Mapping[UUID, int], joined: Mapping[UUID, int], now: datetime
) -> dict[str, Any]:
    """Return a point with its answers and history; functions of organisations, no names of people."""
    return {
        "number": point.number,
        "title": point.title,
        "body": point.body,
        "organisation": point.organisation.name if point.organisation else None,
        "partners": [each.name for each in point.partners],
        "theme": point.theme.label if point.theme else None,
        "place": point.place.name if point.place else None,
        "status": point.status.value,
        "decision": point.decision.value if point.decision else None,
        "sent_on": _day(point.sent_at),
        "due_on": point.due_on.isoformat() if point.due_on else None,
        "days_until_answer": days_until_answer(point),
        "days_late": days_late(point, now),
        "supporters": point.supporters,
        "followers": followers.get(point.id, 0),
        "participants": joined.get(point.id, 0),
        "answers": [
            {
                "decision": answer.decision.value,
                "text": answer.text,
                "by": answer.by_function,
                "together_with": answer.together_with,
                "due_on": answer.due_on.isoformat() if answer.due_on else None,
                "on": _day(answer.at),
            }
            for answer in point.answers
        ],
        "history": [
            {"what": event.deed.value, "state": event.after.value, "on": _day(event.at)}
            for event in point.events
        ],
    }


def _day(moment: datetime | None) -> str | None:
    return local(moment).date().isoformat() if moment else None
