"""Verdict: acknowledgements compared with the database."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.pseudonyms import pseudonym
from dagvandebuurt.live import items
from dagvandebuurt.qanda.models import Question, QuestionStatus, Support
from tests.chaos.bots import Bot


@dataclass(frozen=True)
class Verdict:
    """Violations; all zero is the promise. `acknowledged` is the size of the sample."""

    acknowledged: int
    lost: int  # acknowledged, but missing
    doubled: int  # stored or counted twice
    denied: int  # refused, but executed
    differing: int  # clients whose page differs from the database

    @property
    def holds(self) -> bool:
        return (self.lost, self.doubled, self.denied, self.differing) == (0, 0, 0, 0)


def judge(app: Flask, room: UUID, bots: list[Bot]) -> Verdict:
    with app.app_context():
        questions = {
            str(q.id): q for q in db.session.scalars(select(Question).where(Question.session_id == room))
        }
        rows = db.session.execute(
            select(Support.question_id, Support.supporter_key)
            .join(Question, Question.id == Support.question_id)
            .where(Question.session_id == room)
        ).all()
        support = {(str(row[0]), row[1]) for row in rows}
        counted = dict(
            db.session.execute(select(Support.question_id, func.count()).group_by(Support.question_id)).all()
        )
        lost = denied = 0
        for bot in bots:
            lost_here, denied_here = _one_ledger(bot, room, questions, support)
            lost, denied = lost + lost_here, denied + denied_here
        asked = Counter(
            d.message["id"]
            for bot in bots
            for d, a in bot.acknowledged
            if d.event == "question:ask" and a["ok"]
        )
        doubled = sum(count - 1 for count in asked.values())
        doubled += sum(q.support_count != counted.get(q.id, 0) for q in questions.values())
        everything = items.changes_since(room, 0)
        hall = {item["id"]: item for item in everything.hall}
        desk = {item["id"]: item for item in everything.desk}
    differing = sum(bot.state != (desk if bot.visitor.is_moderator else hall) for bot in bots)
    return Verdict(sum(len(bot.acknowledged) for bot in bots), lost, doubled, denied, differing)


def _one_ledger(bot, room, questions, support) -> tuple[int, int]:
    lost = denied = 0
    key = pseudonym(room, "support", bot.visitor.person_id)
    last_wish: dict[str, bool] = {}
    for deed, answer in bot.acknowledged:
        question = questions.get(deed.message.get("question") or deed.message.get("id"))
        if deed.event == "question:ask":
            lost += answer["ok"] and question is None
            denied += not answer["ok"] and question is not None
        elif deed.event == "question:support" and answer["ok"]:
            last_wish[deed.message["question"]] = deed.message["on"]
        elif deed.event == "question:withdraw":
            gone = question is not None and question.status is QuestionStatus.WITHDRAWN
            lost += answer["ok"] and not gone
        elif deed.event == "question:show" and answer["ok"]:
            lost += question is None or not question.was_public
    withdrawn_twice = Counter(
        d.message["question"] for d, a in bot.acknowledged if d.event == "question:withdraw" and a["ok"]
    )
    denied += sum(
        questions[d.message["question"]].status is QuestionStatus.WITHDRAWN
        and withdrawn_twice[d.message["question"]] == 0
        for d, a in bot.acknowledged
        if d.event == "question:withdraw" and not a["ok"] and d.message["question"] in questions
    )
    lost += sum(((question, key) in support) != on for question, on in last_wish.items())
    return lost, denied
