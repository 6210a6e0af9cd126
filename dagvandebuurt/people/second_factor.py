"""A second proof of who somebody is: a code from their phone, or one from paper.

The secret of a phone is derived from a key outside the database, so a stolen database opens nothing. A code
is good for its half minute and the ones beside it (clocks differ), and only once (RFC 6238, 5.2).
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, select, update

from dagvandebuurt.core import keys
from dagvandebuurt.core.db import db
from dagvandebuurt.people.errors import CodeWrong
from dagvandebuurt.people.models import LoginSession, Person, RecoveryCode, SecondFactor
from dagvandebuurt.people.rules import rights_changed

KEY = UUID("5ec0fac7-0000-4000-8000-000000000002")  # names the key; not a room
STEP_SECONDS = 30
PAPER_CODES = 10
ISSUER = "Dag van de Buurt"


def begin(person_id: UUID) -> SecondFactor:
    """Prepare a phone. Nothing changes until a code of it was typed. Safe to repeat."""
    factor = db.session.get(SecondFactor, person_id)
    if factor is None:
        factor = SecondFactor(person_id=person_id, serial=secrets.randbelow(2**31), last_step=0)
        db.session.add(factor)
        db.session.flush()
    return factor


def secret_of(factor: SecondFactor) -> str:
    """What the phone has to know, as base32."""
    digest = hmac.digest(keys.room_key(KEY), f"{factor.person_id}|{factor.serial}".encode(), "sha256")
    return base64.b32encode(digest[:20]).decode()


def address_of(factor: SecondFactor, person: Person) -> str:
    """The same as the address in a QR code."""
    name = person.email or person.name
    return str(pyotp.TOTP(secret_of(factor)).provisioning_uri(name=name, issuer_name=ISSUER))


def confirm(person: Person, login_id: UUID, code: str, *, now: datetime) -> list[str]:
    """The phone works: from now on it is asked for. Answers with the codes for on paper, the only time they
    can be read. Raises CodeWrong."""
    factor = begin(person.id)
    _use_code(factor, code, now)
    factor.confirmed_at = now
    prove(person.id, login_id, now=now)
    return new_paper_codes(person.id)


def check(person_id: UUID, typed: str, *, now: datetime) -> None:
    """A code of the phone, or one from paper. Raises CodeWrong."""
    code = "".join(typed.split()).replace("-", "")
    used = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.token_hash == _hash(person_id, code.upper()),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    if used is not None:
        return
    factor = db.session.get(SecondFactor, person_id)
    if factor is None or factor.confirmed_at is None:
        raise CodeWrong
    _use_code(factor, code, now)


def prove(person_id: UUID, login_id: UUID, *, now: datetime) -> None:
    """In this browser a second proof was given: their roles work here, on open pages too."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == login_id)
        .values(proven_at=now)
        .execution_options(synchronize_session=False)
    )
    rights_changed(person_id)


def new_paper_codes(person_id: UUID) -> list[str]:
    """Ten new ones; the old ones are worth nothing any more."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [base64.b32encode(secrets.token_bytes(10)).decode()[:12] for _ in range(PAPER_CODES)]
    db.session.add_all(RecoveryCode(person_id=person_id, token_hash=_hash(person_id, code)) for code in codes)
    return codes


def forget_phone(person_id: UUID) -> None:
    """A lost phone: nothing of it counts any more. The next one gets another secret."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))


def _use_code(factor: SecondFactor, code: str, now: datetime) -> None:
    """Take the step this code is of, once: of two who type it at the same moment one is in."""
    phone = pyotp.TOTP(secret_of(factor))
    here = int(now.timestamp()) // STEP_SECONDS
    for step in (here - 1, here, here + 1):
        if hmac.compare_digest(phone.at(step * STEP_SECONDS).encode(), code.strip().encode()):
            taken = db.session.scalar(
                update(SecondFactor)
                .where(SecondFactor.person_id == factor.person_id, SecondFactor.last_step < step)
                .values(last_step=step)
                .returning(SecondFactor.person_id)
                .execution_options(synchronize_session=False)
            )
            if taken is not None:
                db.session.expire(factor, ["last_step"])
                return
    raise CodeWrong


def codes_left(person_id: UUID) -> int:
    """How many codes on paper are still good."""
    unused = select(RecoveryCode.id).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    return len(db.session.scalars(unused).all())


def _hash(person_id: UUID, code: str) -> str:
    return hashlib.sha256(person_id.bytes + code.encode()).hexdigest()
