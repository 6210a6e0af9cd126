"""Administrators from a terminal: the first one, a new one, and one who lost their phone.

A person with this terminal has the database, so no permission is asked; what was done is kept like any other
change of a role.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people import letters, roles
from dagvandebuurt.people.models import Role


@dataclass(frozen=True)
class Invited:
    """`link` opens the invitation once, within 14 days. `is_mailed`: it is on its way by mail as well."""

    link: str
    is_mailed: bool


def invite_administrator(email: str, *, now: datetime) -> Invited:
    """Invite somebody to be administrator, also in an empty database."""
    with transaction():
        invitation, token = roles.invite_from_terminal(Role.ADMIN, email=email, now=now)
        is_mailed = bool(current_app.config["SMTP_URL"])
        if is_mailed:
            letters.send_invitation(invitation, token, now=now)
    return Invited(f"{current_app.config['PUBLIC_URL']}/uitnodiging/{token}", is_mailed)


def forget_phone_of(email: str, *, now: datetime) -> str:
    """Let somebody set up a new second factor at the next log-in. Return their name. Raises NobodyThere."""
    with transaction():
        return roles.reset_phone_from_terminal(email, now=now).name
