"""Mails to askers: there is an answer, or a moderator mended the text."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.mail.rules import delete_waiting
from dagvandebuurt.people.mailer import send
from dagvandebuurt.people.models import Person
from dagvandebuurt.qanda.mending import own_words
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.private_link import path_to
from dagvandebuurt.qanda.timelines import timelines_of

MENDING_WAITS = timedelta(minutes=5)


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


def tell_of_mending(question: Question, *, now: datetime) -> None:
    """Mail the asker their own words beside the text of now, within minutes: a second mending makes one mail."""
    delete_waiting("mended", question.id)
    person = db.session.get(Person, question.asker_id) if question.asker_id else None
    send(
        person,
        "decision",
        "decision",
        dedupe_key=f"mended:{question.id}:{question.desk_revision}",
        now=now,
        due_at=now + MENDING_WAITS,
        subject=_l("Een moderator paste de tekst van je vraag aan"),
        said=_l("Zo leest de zaal hem beter. Klopt het niet meer? Trek je vraag in en stel hem opnieuw."),
        label=_l("Je schreef:"),
        text=own_words([question]).get(question.id),
        reason=None,
        note=question.text,
        path=path_to(question.id),
    )


def _once(question: Question, answered: Question) -> str:
    """Return the key of the mail: one that was merged, and taken apart again, still gets an answer of its own."""
    own = f"answered:{question.id}"
    return own if question.id == answered.id else f"{own}:{answered.id}"
