"""Mails about lessons: to readers who reported an error."""

from datetime import datetime

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.lessons.models import Erratum
from dagvandebuurt.people.mailer import Note, send_note
from dagvandebuurt.people.models import Person


def tell_what_was_done(erratum: Erratum, *, now: datetime) -> None:
    """Mail what was done, within the running transaction. People without an account get no answer, which the
    form says.
    """
    person = db.session.get(Person, erratum.sender_id) if erratum.sender_id else None
    if person is None:
        return
    lesson = erratum.lesson

    def compose() -> Note:
        lines = [
            _("Je schreef ons over de les '%(title)s':", title=lesson.title),
            erratum.text,
            _("De redactie antwoordt:"),
            erratum.answer or "",
        ]
        return Note(
            _("Je meldde een fout: dit is ermee gedaan"),
            lines,
            _("Bekijk de les"),
            path_for("lessons.show", slug=lesson.slug),
        )

    send_note(person, "decision", compose, dedupe_key=f"erratum:{erratum.id}:{now.isoformat()}", now=now)
