"""Texts of messages: what a session's reminder says, and how to stop. In the language of the reader."""

from flask import current_app

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import hour
from dagvandebuurt.core.text import in_threes
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import code_of
from dagvandebuurt.sms.parts import ONE, fitting, plain, septets


def reminder_of(session: ProgrammeSession) -> str:
    """Return the reminder of a session, in one part: a long title is shortened."""

    def with_title(title: str) -> str:
        where = current_app.config["PUBLIC_URL"].partition("://")[2] + path_for("registration.code")
        told = _("%(title)s begint om %(time)s.", title=title, time=hour(session.starts_at))
        more = _("Ga naar %(where)s en typ %(number)s.", where=where, number=in_threes(code_of(session)))
        return plain(f"{told} {more} {how_to_stop()}")

    left = ONE - septets(with_title(""))
    return with_title(fitting(session.title, max(10, left)))


def how_to_stop() -> str:
    """Return the sentence that says how to get no more: by an answer, where the sender's name is a number."""
    if can_be_answered():
        return _("Niet meer? Sms STOP.")
    return _("Niet meer? Zet het uit op je eigen pagina.")


def can_be_answered() -> bool:
    """Return whether a phone can answer: a sender that is a name takes no answers."""
    return str(current_app.config["SMS_FROM"] or "").lstrip("+").isdigit()
