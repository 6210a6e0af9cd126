"""What goes on in the live sessions of the demo: people, questions and polls."""

from datetime import datetime, timedelta

from sqlalchemy import insert

from dagvandebuurt.breakouts.models import BreakoutWish
from dagvandebuurt.core.db import db
from dagvandebuurt.demo.accounts import HOME_OF_ACCOUNTS
from dagvandebuurt.demo.content import Content, Row, id_of
from dagvandebuurt.demo.crowd import NEIGHBOURHOODS, fill_the_street, supporters
from dagvandebuurt.demo.rows import add, reference
from dagvandebuurt.hands.models import HandRules
from dagvandebuurt.hands.rules import EXTRA
from dagvandebuurt.live.items import turn_on
from dagvandebuurt.people.models import (
    ParticipantRole,
)
from dagvandebuurt.polls.models import Poll, PollKind, PollOption, PollStatus
from dagvandebuurt.qanda.models import Appearance, Question, QuestionStatus, Support, Via

AT_TABLES = 23  # people who said that they want to sit at a table


def load_crowd(content: Content, now: datetime) -> None:
    accounts = [id_of(account["id"]) for account in content["accounts"]]
    fill_the_street(id_of("edition"), content.moment("13:00"), now, stayed=accounts)


def load_questions(content: Content) -> None:
    names = {row["id"]: row["name"] for row in content["people"]}
    support: list[dict[str, object]] = []
    for row in content["live_questions"]:
        status = _status(row["status"])
        asked_at = content.moment(row.get("asked", "14:02"))
        is_public = status not in (QuestionStatus.WAITING, QuestionStatus.HIDDEN)
        is_new = add(
            Question,
            row["id"],
            session_id=id_of(row["session"]),
            revision=0,
            text=row["text"],
            appearance=Appearance.ANONYMOUS if row["anonymous"] else Appearance.ROLE,
            asker_role=ParticipantRole.UNDISCLOSED
            if row["anonymous"]
            else ParticipantRole(row["author_role"]),
            shown_neighbourhood=None if row["anonymous"] else _neighbourhood(row),
            via=Via.BESIDE if row["author_kind"] == "assisted" else None,
            consent_at=asked_at if row["author_kind"] == "assisted" else None,
            status=status,
            was_public=is_public,
            shown_at=asked_at + timedelta(minutes=1) if is_public else None,
            asker_id=reference(row.get("asker")),
            support_count=row["votes"],
            asked_at=asked_at,
            answered_at=asked_at if status is QuestionStatus.ANSWERED else None,
            answer=row.get("answer"),
            answered_by=names.get(row.get("answered_by", "")),
            hidden_reason=row.get("hidden_reason"),
            merged_into_id=reference(row.get("merged_into")),
        )
        if is_new:
            support += supporters(id_of(row["session"]), id_of(row["id"]), row["votes"])
    db.session.flush()
    if support:
        db.session.execute(insert(Support), support)


def load_hands() -> None:
    """Let people raise a hand in one workshop, and speak by phone."""
    session_id = id_of("s05")
    if db.session.get(HandRules, session_id) is None:
        way = "Bel 000 - 000 00 00, en toets 5"
        db.session.add(
            HandRules(session_id=session_id, revision=1, settings_revision=1, is_open=True, way=way)
        )
        turn_on(session_id, EXTRA)


def load_tables() -> None:
    """Let so many people want to sit at a table in one session that its moderator can begin a round at once."""
    session_id = id_of("s10")
    for number in range(AT_TABLES):
        person_id = id_of(f"crowd {number}")
        if db.session.get(BreakoutWish, (session_id, person_id)) is None:
            db.session.add(BreakoutWish(session_id=session_id, person_id=person_id, joins=True))


def load_polls(content: Content) -> None:
    for row in content["polls"]:
        scale = row.get("scale")
        shown = row["status"] == "results_shown"
        is_new = add(
            Poll,
            row["id"],
            session_id=id_of(row["session"]),
            title=row["title"],
            kind=PollKind(row["kind"]),
            status=PollStatus.CLOSED if shown else PollStatus(row["status"]),
            results_shown=shown,
            tallied_at=content.moment("14:02") if shown or row["status"] == "closed" else None,
            max_choices=row.get("max_choices", 1),
            low_label=scale["min_label"] if scale else None,
            high_label=scale["max_label"] if scale else None,
        )
        options = row["options"]
        if scale:
            options = [{"label": str(step), "votes": 0} for step in range(scale["min"], scale["max"] + 1)]
        for position, option in enumerate(options if is_new else ()):
            add(
                PollOption,
                f"{row['id']} option {position}",
                poll_id=id_of(row["id"]),
                position=position,
                label=option["label"],
                ballots=option["votes"],
            )


def _neighbourhood(row: Row) -> str | None:
    """Return where its asker lives: accounts in one neighbourhood, others in any."""
    if row.get("asker"):
        return HOME_OF_ACCOUNTS
    is_resident = "resident" in row["author_role"]
    return NEIGHBOURHOODS[id_of(row["id"]).int % (len(NEIGHBOURHOODS) - 1)] if is_resident else None


def _status(word: str) -> QuestionStatus:
    """Return the status in the demo: the file has final ones, but the sessions are still live."""
    if word in ("forwarded", "open_after"):
        return QuestionStatus.VISIBLE
    return QuestionStatus.WAITING if word == "pending" else QuestionStatus(word)
