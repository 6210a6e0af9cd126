"""Mails to askers: there is an answer."""

from datetime import datetime

from sqlalchemy import or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.people.mailer import send
from dagvandebuurt.people.models import Person
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.private_link import path_to
from dagvandebuurt.qanda.timelines import timelines_of


def tell_askers(answered: Question, *, now: datetime) -> None:
    """Mail the answer to its asker and those of merged questions, within the running transaction.

    Once per question: a correction is shown on their page only. Anonymous askers and guests have no address
    here, and find it through the private link.
    """
    asked = db.session.execute(
        select(Question, Person)
        .join(Person, Person.id == Question.asker_id)
        .where(or_(Question.id == answered.id, Question.merged_into_id == answered.id))
    )
    found = asked.all()
    lines = timelines_of([question for question, _person in found], now=now)
    for question, person in found:
        send(
            person,
            "answered",
            "answered",
            dedupe_key=_once(question, answered),
            now=now,
            text=question.text,
            answer=answered.answer,
            by=answered.answered_by,
            way=lines[question.id],
            path=path_to(question.id),
        )


def _once(question: Question, answered: Question) -> str:
    """Return the key of the mail: one that was merged, and taken apart again, still gets an answer of its own."""
    own = f"answered:{question.id}"
    return own if question.id == answered.id else f"{own}:{answered.id}"
