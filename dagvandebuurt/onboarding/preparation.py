"""What is to be done before a day opens that belongs to no single section: people, mail, address."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import exists, func, select

from dagvandebuurt.core import backup_mark, clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.hosts import LOOPBACK
from dagvandebuurt.core.i18n import in_words
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.network import proxy_is_forgotten
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.onboarding.letters import TRIAL
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.parts.mail.models import Mail, MailStatus
from dagvandebuurt.people.models import Invitation, Role, RoleGrant
from dagvandebuurt.programme.hooks import PreparationStep, preparation_steps
from dagvandebuurt.programme.models import Edition

ORGANISERS = (Role.ORGANISER, Role.ADMIN)
TRIALS = {
    None: _l("Stuur jezelf een testmail. Dan weet je dat mail weggaat."),
    MailStatus.WAITING: _l("Je testmail wacht nog om weg te gaan."),
    MailStatus.SENT: _l("De mailserver nam je testmail aan. Kijk of hij aankwam."),
    MailStatus.REFUSED: _l("De mailserver weigerde je testmail. Bij Post staat waarom."),
    MailStatus.SET_ASIDE: _l("Je testmail ligt opzij. Kies bij Post of hij nog weg moet."),
}


def steps_for(edition: Edition) -> list[PreparationStep]:
    """Return everything that is to be done, in order."""
    return sorted(
        (step for there in preparation_steps(edition) for step in there), key=lambda each: each.order
    )


def steps_of_the_installation(edition: Edition) -> Sequence[PreparationStep]:
    """Return the steps that are about people and about the installation."""
    return [_name(), *_people(), _mail(), _address(), _backup()]


def _name() -> PreparationStep:
    return PreparationStep(
        90, "name", _l("Zeg hoe het evenement heet"),
        _l("Nu staat overal: %(name)s", name=brand.name), bool(brand.number), path_for("organisation.look"),
    )  # fmt: skip


def _people() -> Sequence[PreparationStep]:
    roles = path_for("organisation.roles")
    organisers = _holders(*ORGANISERS)
    return [
        PreparationStep(
            100, "colleagues", _l("Vraag een tweede organisator"),
            _l("Organisatoren: %(number)s. Met twee kan niemand de sleutel kwijtraken.", number=organisers),
            organisers > 1 or _is_invited(*ORGANISERS), roles,
        ),
        PreparationStep(
            110, "moderators", _l("Nodig moderatoren uit"),
            _l("Moderatoren: %(number)s", number=_holders(Role.MODERATOR)),
            _holders(Role.MODERATOR) > 0 or _is_invited(Role.MODERATOR), roles,
        ),
    ]  # fmt: skip


def _holders(*roles: Role) -> int:
    query = select(func.count(func.distinct(RoleGrant.person_id))).where(RoleGrant.role.in_(roles))
    return db.session.scalar(query) or 0


def _is_invited(*roles: Role) -> bool:
    is_open = [Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None)]
    invited = exists().where(Invitation.role.in_(roles), Invitation.expires_at > clock.now(), *is_open)
    return bool(db.session.scalar(select(invited)))


def _mail() -> PreparationStep:
    """Mail works when the server took one: a test mail, or any other."""
    if not current_app.config["SMTP_URL"] and not current_app.config["DEMO"]:
        says: Any = _l("Er is geen mailserver ingesteld: mail wacht. Vraag wie de site beheert om SMTP_URL.")
        return PreparationStep(
            130, "mail", _l("Laat mail werken"), says, False, path_for("organisation.post")
        )
    newest = select(Mail.status).where(Mail.kind == TRIAL).order_by(Mail.made_at.desc(), Mail.id).limit(1)
    trial = db.session.scalar(newest)
    was_sent = db.session.scalar(select(exists().where(Mail.status == MailStatus.SENT)))
    is_done = trial is MailStatus.SENT or (trial is None and bool(was_sent))
    return PreparationStep(
        130, "mail", _l("Laat mail werken"),
        _l("Mail gaat weg.") if trial is None and is_done else TRIALS[trial],
        is_done, path_for("organisation.post"),
    )  # fmt: skip


def _address() -> PreparationStep:
    public = urlsplit(current_app.config["PUBLIC_URL"])
    is_done = public.scheme == "https" and public.hostname not in LOOPBACK and not proxy_is_forgotten()
    says: Any = current_app.config["PUBLIC_URL"]
    if proxy_is_forgotten():
        says = _l("De instelling TRUSTED_PROXIES klopt niet. Vraag wie de site beheert.")
    elif not is_done:
        says = _l("Mensen typen nu %(address)s. Maak er een adres met https van: PUBLIC_URL.", address=says)
    return PreparationStep(140, "address", _l("Geef de site een veilig adres"), says, is_done, None)


def _backup() -> PreparationStep:
    """Backups are made at the terminal, each night: organisers see whether that goes on."""
    at = backup_mark.read(Path(current_app.config["DATA_FOLDER"]))
    is_late = at is not None and backup_mark.is_late(at, clock.now())
    if at is None:
        says: Any = _l("Er is nog geen back-up. Vraag wie de site beheert: dagvandebuurt backup.")
    elif is_late:
        says = _l(
            "De laatste is van %(when)s, te lang geleden. Vraag wie de site beheert.", when=in_words(at)
        )
    else:
        says = _l("De laatste is van %(when)s.", when=in_words(at))
    return PreparationStep(
        150, "backup", _l("Laat elke nacht een back-up maken"), says, at is not None and not is_late, None
    )
