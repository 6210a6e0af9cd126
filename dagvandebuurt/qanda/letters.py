"""The mail that an asker waits for: there is an answer."""

from datetime import datetime

from sqlalchemy import or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.parts.mail.letter import write
from dagvandebuurt.parts.mail.rules import post
from dagvandebuurt.people.models import Person
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.way_back import path_to


def tell_askers(answered: Question, *, now: datetime) -> None:
    """Mail the answer to whoever asked this, also in other words, in the running transaction. Once for
    each question: a corrected answer stands on their page. Who asked anonymously or came as a guest has
    no address here, and finds it by the way back."""
    asked = db.session.execute(
        select(Question, Person)
        .join(Person, Person.id == Question.asker_id)
        .where(or_(Question.id == answered.id, Question.merged_into_id == answered.id))
    )
    for question, person in asked.all():
        if person.email is None or not person.has_account:
            continue
        letter = write(
            "answered",
            to=person.email,
            to_name=person.name,
            language=person.language,
            text=question.text,
            answer=answered.answer,
            by=answered.answered_by,
            path=path_to(question.id),
        )
        post(letter, dedupe_key=f"answered:{question.id}", now=now)
