"""Loader of the action points of the content file, each with its history.

The day itself is shifted to now, while the weeks after it are shown as past.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from dagvandebuurt.agenda.models import (
    PUBLIC,
    Action,
    Answer,
    By,
    Decision,
    Follow,
    FollowUp,
    FollowUpEvent,
    FollowUpQuestion,
    FollowUpStatus,
    Origin,
)
from dagvandebuurt.core.clock import AMSTERDAM, local
from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, Row, id_of
from dagvandebuurt.demo.dates import LIVE_ROUND
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Organisation, ProgrammeSession
from dagvandebuurt.qanda.models import Question, QuestionStatus

BY = {
    "moderator": By.MODERATOR,
    "editor": By.EDITORS,
    "org_contact": By.ORGANISATION,
    "supporter": By.SUPPORTER,
    "participant": By.PARTICIPANT,
}
ACTIONS = {
    "proposed": Action.PROPOSE,
    "curated": Action.CURATE,
    "sent": Action.SEND,
    "acknowledged": Action.ACKNOWLEDGE,
    "answered": Action.ANSWER,
    "in_progress": Action.START,
    "done": Action.FINISH,
    "confirmed": Action.CONFIRM,
    "declined": Action.DECLINE,
}


HOW_LONG_AGO = 70  # days


def load_agenda(content: Content, now: datetime) -> None:
    """Load what is missing. Points in an open status get a date relative to today."""
    for number, row in enumerate(content["follow_ups"], start=1):
        if db.session.get(FollowUp, id_of(row["id"])) is None:
            _load(row, number, now)


def _load(row: Row, number: int, now: datetime) -> None:
    questions = [db.session.get_one(Question, id_of(name)) for name in row["raised_from"]["questions"]]
    moments = {event["to"]: _moment(event["day"], now) for event in row["history"]}
    status = FollowUpStatus(row["status"])
    organisation = db.session.get_one(Organisation, id_of(row["addressed_to"]))
    proposer = row["history"][0]["by"] == "participant"
    sent = moments.get("sent")
    point = FollowUp(
        id=id_of(row["id"]),
        number=number,
        title=row["title"],
        body=questions[0].text if questions else row["title"],
        origin=Origin.QUESTION if questions else Origin.DIRECT,
        status=status,
        decision=Decision(row["decision"]) if row["decision"] else None,
        organisation_id=organisation.id,
        contact_function=row["owner_name"],
        place_id=id_of(row["place"]) if row["place"] else None,
        theme_id=id_of(row["theme"]),
        session_id=id_of(row["raised_from"]["session"]),
        raised_by_id=id_of("u-deelnemer1") if proposer else None,
        supporters=row["supporters"],
        due_on=_due(row, status, sent, now),
        extensions=1 if row["decision"] == "researching" else 0,
        checked_at=moments.get("curated") if status in PUBLIC else None,
        checked_by_id=id_of("u-eindredacteur") if status in PUBLIC else None,
        decline_reason=row.get("decline_reason"),
        proposed_at=moments["proposed"],
        sent_at=sent,
        answered_at=moments.get("answered"),
        changed_at=max(moments.values()),
    )
    db.session.add(point)
    db.session.flush()
    _history(row, point, organisation, moments)
    for question in questions:
        if question.merged_into_id is None:
            db.session.add(FollowUpQuestion(question_id=question.id, follow_up_id=point.id))
            if not _goes_on(question):
                question.status = QuestionStatus.FORWARDED
                question.asked_at = min(question.asked_at, point.proposed_at)  # it was asked first
                question.shown_at = question.shown_at and min(question.shown_at, point.proposed_at)
    _followers(point, row["supporters"])
    askers = {question.asker_id for question in questions} - {None}
    db.session.add_all(
        Follow(person_id=each, follow_up_id=point.id, since=point.changed_at) for each in askers
    )


def _goes_on(question: Question) -> bool:
    """Tell whether its session is live in the demo, so that its questions stay open."""
    return db.session.get_one(ProgrammeSession, question.session_id).round.code == LIVE_ROUND


def _moment(day: int, now: datetime) -> datetime:
    """Return noon, `day` days after the congress, shifted ten weeks back so that all of it is in the past."""
    noon = datetime.combine(local(now).date() - timedelta(days=HOW_LONG_AGO - day), time(12), AMSTERDAM)
    return noon.astimezone(UTC)


def _due(row: Row, status: FollowUpStatus, sent: datetime | None, now: datetime) -> Any:
    """Return the date of the file; unanswered points are due in some weeks, except the late one."""
    if sent is None:
        return None
    if status is FollowUpStatus.ACKNOWLEDGED:
        return (local(now) - timedelta(days=3)).date()
    if status is FollowUpStatus.SENT or row["decision"] == "researching":
        return (local(now) + timedelta(days=20)).date()
    return local(_moment(row["due_day"], now)).date()


def _history(row: Row, point: FollowUp, organisation: Organisation, moments: dict[str, datetime]) -> None:
    before = None
    function = ", ".join(filter(None, (organisation.name, row["owner_name"])))
    for position, event in enumerate(row["history"], start=1):
        after, by = FollowUpStatus(event["to"]), BY[event["by"]]
        decision = Decision(event["decision"]) if "decision" in event else None
        db.session.add(
            FollowUpEvent(
                id=id_of(f"{row['id']} event {position}"),
                follow_up_id=point.id,
                position=position,
                deed=ACTIONS[event["to"]],
                before=before,
                after=after,
                decision=decision,
                due_on=point.due_on if after is FollowUpStatus.SENT else None,
                by=by,
                by_function=function if by is By.ORGANISATION else None,
                note=event.get("note"),
                at=moments[event["to"]],
            )
        )
        before = after
    if row["answer"]:
        db.session.add(
            Answer(
                id=id_of(f"{row['id']} answer"),
                follow_up_id=point.id,
                revision=1,
                decision=Decision(row["decision"]),
                text=row["answer"],
                due_on=point.due_on if row["decision"] == "researching" else None,
                by_function=function,
                together_with=[],
                at=moments["answered"],
            )
        )


def _followers(point: FollowUp, count: int) -> None:
    """Return a quarter of its supporters as followers: invented people without an address, so that nobody is
    mailed.
    """
    crowd = [id_of(f"crowd {number}") for number in range(count // 4)]
    there = set(db.session.scalars(select(Person.id).where(Person.id.in_(crowd))))
    have = db.session.scalar(select(func.count()).where(Follow.follow_up_id == point.id))
    if not have:
        db.session.add_all(
            Follow(person_id=each, follow_up_id=point.id, since=point.changed_at)
            for each in crowd
            if each in there
        )
