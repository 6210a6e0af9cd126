"""Commands on numbers: give one for the day, prove it, take it back; and STOP from a phone."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from dagvandebuurt.core.db import db
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.timezone import AMSTERDAM
from dagvandebuurt.parts.branding.queries import brand
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.sms import outbox
from dagvandebuurt.sms.errors import CodeNotRight, CodeOver, MostOfTheDay, NumberStopped, TooManyCodes
from dagvandebuurt.sms.models import SmsNumber, SmsNumberUse, SmsPriority
from dagvandebuurt.sms.permissions import SmsPermission
from dagvandebuurt.sms.phone_numbers import mobile
from dagvandebuurt.sms.queries import number_of_person, use_of, uses_of_number
from dagvandebuurt.sms.sealing import code_of, number_of, print_of, seal

CODE_LIVES = timedelta(minutes=15)
CODES_A_DAY, TRIES = 3, 5
STOP_WORDS = frozenset({"stop", "stopp", "stoppen", "afmelden", "unsubscribe"})
START_WORDS = frozenset({"start", "starten"})


@command(needs=SmsPermission.CHANGE_OWN)
def give(actor: Actor, edition: Edition, *, typed: str, most: int, now: datetime) -> SmsNumber:
    """Give a number for this edition, in the place of an earlier one, and send a code to it.

    The message holds nothing that somebody typed. Raises NoMobileNumber, NumberNotDutch, NumberCosts, NumberStopped,
    TooManyCodes and MostOfTheDay.
    """
    number = mobile(typed)
    earlier = number_of_person(actor.id, edition)
    if earlier is not None:
        if number_of(earlier) == number:
            if earlier.proven_at is None:
                _send_code(earlier, most=most, now=now)
            return earlier
        db.session.delete(earlier)
        db.session.flush()
    row = SmsNumber(
        person_id=actor.id, edition_id=edition.id, given_at=now, number_print=print_of(edition.id, number),
        code_tries=0,
    )  # fmt: skip
    row.sealed = seal(edition.id, row.id, number)
    db.session.add(row)
    db.session.flush()
    _send_code(row, most=most, now=now)
    return row


@command(needs=SmsPermission.CHANGE_OWN)
def send_again(actor: Actor, edition: Edition, *, most: int, now: datetime) -> None:
    """Send a new code to a number that is not proven yet; the earlier one works no more."""
    row = number_of_person(actor.id, edition)
    if row is not None and row.proven_at is None:
        _send_code(row, most=most, now=now)


@dataclass(frozen=True)
class Proof:
    """Whether a typed code proved the number. A refusal is no exception: the attempt has to be counted."""

    refusal: type[CodeNotRight] | type[CodeOver] | None = None


@command(needs=SmsPermission.CHANGE_OWN)
def prove(actor: Actor, edition: Edition, *, typed: str, now: datetime) -> Proof:
    """Prove a number by the code that was sent to it. Idempotent. After five wrong ones a new code is needed."""
    row = number_of_person(actor.id, edition)
    if row is None:
        return Proof(CodeOver)
    db.session.refresh(row, with_for_update=True)
    if row.proven_at is not None:
        return Proof()
    if row.code is None or row.code_until is None or row.code_until < now or row.code_tries >= TRIES:
        return Proof(CodeOver)
    row.code_tries += 1
    digits = "".join(each for each in typed if each.isascii() and each.isdigit())
    if not hmac.compare_digest(row.code, code_of(row, digits)):
        return Proof(CodeNotRight)
    row.proven_at, row.code, row.code_until = now, None, None
    return Proof()


@command(needs=SmsPermission.CHANGE_OWN)
def take_back(actor: Actor, edition: Edition, *, now: datetime) -> None:
    """Delete one's number, with all that was or would be sent to it. Idempotent."""
    row = number_of_person(actor.id, edition)
    if row is not None:
        db.session.delete(row)


def hear(number: str, text: str, *, now: datetime) -> str:
    """Do what a phone texted: STOP deletes its number with whoever gave it, and keeps it from being given again; START
    lifts that. Return which of the two it was, or an empty text. Idempotent."""
    first = (text.strip().split() or [""])[0].strip(".,!\"'").casefold()
    if first in START_WORDS:
        for use in uses_of_number(number):
            use.stopped_at = None
        return "start"
    if first not in STOP_WORDS:
        return ""
    _stop(uses_of_number(number), now)
    return "stop"


def _stop(uses: Sequence[SmsNumberUse], now: datetime) -> None:
    for use in uses:
        use.stopped_at = use.stopped_at or now
        db.session.execute(
            delete(SmsNumber).where(
                SmsNumber.edition_id == use.edition_id, SmsNumber.number_print == use.number_print
            )
        )


def _send_code(row: SmsNumber, *, most: int, now: datetime) -> None:
    use = _use(row)
    today = now.astimezone(AMSTERDAM).date()
    if use.stopped_at is not None:
        raise NumberStopped
    if use.codes_on != today:
        use.codes_on, use.codes = today, 0
    if use.codes >= CODES_A_DAY:
        raise TooManyCodes
    if outbox.room_today(row.edition_id, now, most) < 1:
        raise MostOfTheDay
    use.codes += 1
    code = f"{secrets.randbelow(10**6):06d}"
    row.code, row.code_until, row.code_tries = code_of(row, code), now + CODE_LIVES, 0
    text = _(
        "%(code)s is je code voor %(event)s. Niet gevraagd? Dan hoef je niets te doen.",
        code=code,
        event=brand.name,
    )
    outbox.post(
        row, text, kind="code", dedupe_key=f"code:{row.id}:{secrets.token_hex(8)}", now=now, most=most,
        priority=SmsPriority.AWAITED, useless_at=now + CODE_LIVES,
    )  # fmt: skip


def _use(row: SmsNumber) -> SmsNumberUse:
    """Return what was done with this number, locked."""
    found: Any = use_of(row.edition_id, row.number_print)
    if found is None:
        found = SmsNumberUse(edition_id=row.edition_id, number_print=row.number_print, codes=0)
        db.session.add(found)
        db.session.flush()
    db.session.refresh(found, with_for_update=True)
    return found  # type: ignore[no-any-return]
