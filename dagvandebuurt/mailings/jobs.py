"""The job that sends mailings.

A mailing goes into the outbox in small pieces, each in one transaction with the mark that its people are done: a
process that dies in between has done all of a piece or nothing of it. The outbox holds no more than AT_ONCE mails of
mailings at any moment, below everything that somebody waits for, so that a login link never queues behind them and
stopping stops.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import select, update

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.mailings import rules
from dagvandebuurt.mailings.filling import Pattern, programmes_for
from dagvandebuurt.mailings.filters import has_address, has_muted
from dagvandebuurt.mailings.models import Mailing, MailingRecipient, RecipientStatus
from dagvandebuurt.mailings.queries import being_sent, due_to_start, in_the_outbox
from dagvandebuurt.parts.jobs import each, job
from dagvandebuurt.parts.mail.dead_mailboxes import without_dead
from dagvandebuurt.parts.mail.rules import post_many
from dagvandebuurt.people.models import Person
from dagvandebuurt.programme.models import Edition

AT_ONCE = 1000  # in the outbox, of all mailings together: also how many go in a minute at most
A_PIECE = 200


@job(rules.JOB, lane="mailings", minute="*")
def send_mailings(app: Flask) -> int:
    """Begin what is planned for now, and put the next pieces into the outbox; return how many mails."""
    with app.app_context():
        now = clock.now()
        each("send_mailings", due_to_start(now), lambda mailing_id: _with(mailing_id, rules.start, now))
        sending = being_sent()
        run = _Run(room=max(0, AT_ONCE - in_the_outbox()), now=now)
        db.session.rollback()
        posted = each("send_mailings", run.pieces_of(sending), run.send_next)
        each("send_mailings", sending, lambda mailing_id: _with(mailing_id, rules.finish, now))
        return posted


@dataclass
class _Run:
    """One turn of the job: how many mails the outbox has `room` for, and how many the last piece had."""

    room: int
    now: datetime
    last: int = 0

    def pieces_of(self, mailings: Iterable[UUID]) -> Iterator[UUID]:
        """Yield each mailing once for every piece of it, while there is room. After a piece that failed comes the
        next mailing: its own turn is the next one.
        """
        for mailing_id in mailings:
            self.last = 1
            while self.last and self.room > 0:
                self.last = 0
                yield mailing_id

    def send_next(self, mailing_id: UUID) -> int:
        """Post the next piece of a mailing in the running transaction; return how many people that were."""
        piece = _send_piece(mailing_id, min(self.room, A_PIECE), self.now)
        self.last, self.room = piece, self.room - piece
        return piece


def _with(mailing_id: UUID, act: Callable[..., None], now: datetime) -> None:
    mailing = db.session.get(Mailing, mailing_id)
    if mailing is not None:
        act(mailing, now=now)


def _send_piece(mailing_id: UUID, most: int, now: datetime) -> int:
    """Post the next `most` letters of a mailing in the running transaction; return how many people that were.
    Whoever cannot be mailed any more, or switched this off meanwhile, is left out."""
    recipients = rules.next_recipients(mailing_id, most)
    if not recipients:
        return 0
    mailing = db.session.get_one(Mailing, mailing_id)
    edition = db.session.get_one(Edition, mailing.edition_id)
    readers = db.session.execute(
        select(Person.id, Person.name, Person.email, Person.language)
        .where(Person.id.in_([each.person_id for each in recipients]), has_address(), ~has_muted())
        .order_by(Person.id)
    ).all()
    keys = {each.person_id: each.mail_key for each in recipients}
    letters = without_dead(_letters(mailing, edition, readers, keys))
    post_many(letters, now=now)
    posted = {key for _letter, key in letters}
    for status, is_posted in ((RecipientStatus.QUEUED, True), (RecipientStatus.LEFT_OUT, False)):
        there = [each.person_id for each in recipients if (each.mail_key in posted) is is_posted]
        db.session.execute(
            update(MailingRecipient)
            .where(MailingRecipient.mailing_id == mailing_id, MailingRecipient.person_id.in_(there))
            .values(status=status)
            .execution_options(synchronize_session=False)
        )
    db.session.expire_all()
    return len(recipients)


def _letters(
    mailing: Mailing, edition: Edition, readers: Sequence[Any], keys: dict[UUID, str]
) -> list[tuple[Any, str]]:
    programmes = programmes_for(mailing, edition)
    patterns: dict[str, Pattern] = {}
    letters = []
    for reader in readers:
        language = "en" if reader.language == "en" else "nl"
        pattern = patterns.get(language) or patterns.setdefault(language, Pattern(mailing, edition, language))
        letters.append((pattern.to(reader, programmes.get(reader.id, [])), keys[reader.id]))
    return letters
