"""Second factor: TOTP codes (RFC 6238) and recovery codes.

The secret of a phone is derived from a key outside the database, so a stolen database opens nothing. A code
is valid for its half minute and the ones beside it (clock skew), and only once (RFC 6238, 5.2).
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from uuid import UUID

import pyotp
from sqlalchemy import delete, select, update

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.people.errors import CodeWrong
from dagvandebuurt.people.models import LoginSession, Person, RecoveryCode, SecondFactor
from dagvandebuurt.people.rules import rights_changed

KEY = UUID("5ec0fac7-0000-4000-8000-000000000002")  # names the key; not a room
STEP_SECONDS = 30
PAPER_CODES = 10
PAPER_LETTERS = 12

NOT_TOGETHER = _l("Dit adres en deze twee codes horen niet bij elkaar.")


def begin(person_id: UUID) -> SecondFactor:
    """Prepare an authenticator. Nothing changes until a code of it is entered. Idempotent."""
    factor = db.session.get(SecondFactor, person_id)
    if factor is None:
        factor = SecondFactor(person_id=person_id, serial=secrets.randbelow(2**31), last_step=0)
        db.session.add(factor)
        db.session.flush()
    return factor


def secret_of(factor: SecondFactor) -> str:
    """Return the secret as base32."""
    digest = hmac.digest(pseudonyms.room_key(KEY), f"{factor.person_id}|{factor.serial}".encode(), "sha256")
    return base64.b32encode(digest[:20]).decode()


def address_of(factor: SecondFactor, person: Person) -> str:
    """Return the otpauth address for the QR code."""
    name = person.email or person.name
    issuer = brand.name.replace(":", " ")  # separates issuer and account
    return str(pyotp.TOTP(secret_of(factor)).provisioning_uri(name=name, issuer_name=issuer))


def confirm(person: Person, login_id: UUID, code: str, *, now: datetime) -> list[str]:
    """Enable the authenticator after its first code; return the recovery codes, which can be read only now.
    Raises CodeWrong."""
    factor = begin(person.id)
    _use_code(factor, code, now)
    factor.confirmed_at = now
    prove(person.id, login_id, now=now)
    return new_recovery_codes(person.id)


def is_recovery_code(typed: str) -> bool:
    """Return whether this has the format of a recovery code, and not of a TOTP code."""
    return len(_bare(typed)) == PAPER_LETTERS


def use_recovery_code(person_id: UUID, typed: str, *, now: datetime) -> bool:
    """Use up a recovery code of theirs; return whether it was valid."""
    used = db.session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.token_hash == _hash(person_id, _bare(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


def use_totp_code(person_id: UUID, typed: str, *, now: datetime) -> bool:
    """Use up the current TOTP code of theirs; return whether it was valid."""
    factor = db.session.get(SecondFactor, person_id)
    if factor is None or factor.confirmed_at is None:
        return False
    try:
        _use_code(factor, _bare(typed), now)
    except CodeWrong:
        return False
    return True


def use_both(person_id: UUID, phone: str, paper: str, *, now: datetime) -> bool:
    """Use up both codes, to log in without mail; return whether both were valid. If one is not, neither is
    used up."""
    with db.session.begin_nested() as both:
        is_good = use_totp_code(person_id, phone, now=now) and use_recovery_code(person_id, paper, now=now)
        if not is_good:
            both.rollback()
    return is_good


def check(person_id: UUID, typed: str, *, now: datetime) -> None:
    """Verify a TOTP or recovery code. Raises CodeWrong."""
    use = use_recovery_code if is_recovery_code(typed) else use_totp_code
    if not use(person_id, typed, now=now):
        raise CodeWrong


def prove(person_id: UUID, login_id: UUID, *, now: datetime) -> None:
    """Mark this browser as verified: their roles work here, on open pages too."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == login_id)
        .values(proven_at=now)
        .execution_options(synchronize_session=False)
    )
    rights_changed(person_id)


def new_recovery_codes(person_id: UUID) -> list[str]:
    """Return ten new recovery codes, which replace the old ones."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = [base64.b32encode(secrets.token_bytes(10)).decode()[:PAPER_LETTERS] for _ in range(PAPER_CODES)]
    db.session.add_all(RecoveryCode(person_id=person_id, token_hash=_hash(person_id, code)) for code in codes)
    return codes


def delete_phone(person_id: UUID) -> None:
    """Disable a lost authenticator. The next one gets another secret."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    db.session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))


def _use_code(factor: SecondFactor, code: str, now: datetime) -> None:
    """Use up a TOTP time step: of two concurrent attempts one succeeds."""
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
    """Return how many recovery codes are left."""
    unused = select(RecoveryCode.id).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    return len(db.session.scalars(unused).all())


def _bare(typed: str) -> str:
    return "".join(typed.split()).replace("-", "").upper()


def _hash(person_id: UUID, code: str) -> str:
    return hashlib.sha256(person_id.bytes + code.encode()).hexdigest()
