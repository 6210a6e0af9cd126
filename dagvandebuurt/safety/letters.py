"""Mails of an alarm: to the people on duty, and to the asker. Neither holds the text of the question.

Somebody else may read the asker's mailbox: that mail says only that there is a message.
"""

from datetime import datetime
from uuid import UUID

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.parts.mail.compose import write
from dagvandebuurt.parts.mail.rules import delete_waiting, post
from dagvandebuurt.people.mailer import Note, send_note
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.models import Question
from dagvandebuurt.qanda.private_link import path_to
from dagvandebuurt.safety.models import DangerAlarm
from dagvandebuurt.safety.queries import on_duty

HIDDEN = "hidden"  # the mail that a question was hidden for a house rule (moderation.letters)


def alarm_people_on_duty(alarm: DangerAlarm, session: ProgrammeSession, by: str, *, now: datetime) -> int:
    """Mail everybody on duty at once, in the running transaction. Nobody can switch this off. Returns how many
    mails.
    """
    readers = [
        person
        for person in on_duty()
        if person.email is not None and person.has_account and person.suspended_at is None
    ]
    for person in readers:
        _alarm(person, alarm, session, by, now)
    return len(readers)


def _alarm(person: Person, alarm: DangerAlarm, session: ProgrammeSession, by: str, now: datetime) -> None:
    assert person.email is not None
    with speaking(person.language):
        lines = [
            _(
                "%(name)s las iets bij %(title)s en drukte op 'Iemand loopt gevaar'.",
                name=by,
                title=session.title,
            ),
            _("De vraag is verborgen. De vraagsteller ziet nu de nummers om te bellen."),
            _("Wat er staat, lees je op de pagina. Druk daar op 'Ik pak dit op', dan weten de anderen het."),
        ]
        letter = write(
            "note", to=person.email, to_name=person.name, language=person.language,
            subject=_("Iemand loopt misschien gevaar"), lines=lines, button=_("Lees het en pak het op"),
            path=path_for("safety.alarm", alarm_id=alarm.id),
        )  # fmt: skip
    post(letter, dedupe_key=f"danger:{alarm.id}:{alarm.revision}:{person.id}", now=now)


def tell_asker(question: Question, key: UUID | int, *, now: datetime) -> None:
    """Mail the asker that there is a message, in place of the mail about a house rule. Anonymous askers and
    guests have no address here; they read it on the page.
    """
    delete_waiting(HIDDEN, question.id)
    person = db.session.get(Person, question.asker_id) if question.asker_id is not None else None
    if person is None:
        return

    def compose() -> Note:
        return Note(
            subject=_("Er is een bericht voor je"),
            lines=[_("Er staat een bericht voor je klaar op onze site.")],
            button=_("Lees het bericht"),
            path=path_to(question.id),
        )

    send_note(person, "decision", compose, dedupe_key=f"message:{question.id}:{key}", now=now)
