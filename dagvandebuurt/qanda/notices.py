"""Mail notices for anonymous askers who chose to hear of news. They name no question.

Every anonymous question gets a row, chosen or not, so the database does not reveal which asker chose: the row
of one who did holds them sealed, every other one a random value of the same length (a decoy). The seal is
under a key of that one question, a file outside the database that is destroyed with the row
(crypto-shredding): no copy of the database opens it afterwards. It outlives the key of the room, as
organisations take weeks to answer.

Nothing is sent when something happens to a question: that moment would identify its asker (a timing side
channel). Once a night all rows are compared with what the private link shows now, and everybody with news
gets one mail.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import delete, select, update

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.after_commit import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.people.mailer import send
from dagvandebuurt.people.models import Person
from dagvandebuurt.people.notifications import muted_by
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.qanda.follow_ups import going_on, outcomes_of
from dagvandebuurt.qanda.hooks import QuestionOutcome
from dagvandebuurt.qanda.models import Question, QuestionNotice, QuestionStatus
from dagvandebuurt.qanda.queries import ends_of

ABOUT = "answered"  # a setting of its own would reveal who asks anonymously
KEYS = UUID("5f0a3c1e-0000-4000-8000-6e6f74696365")
APPEAL_AFTER = timedelta(days=30)  # for this long after its session a hidden question may still come back
# What named askers are notified of too (qanda.letters, moderation.letters, agenda.letters).
NEWS = (QuestionStatus.ANSWERED, QuestionStatus.HIDDEN, QuestionStatus.WITHDRAWN, QuestionStatus.FORWARDED)


def require_address(actor: Any) -> None:
    """Raise InvalidInput when `actor` has no confirmed address to mail to."""
    if not actor.has_account:
        raise InvalidInput(
            {
                "notice": [
                    _(
                        "We hebben geen e-mailadres van je. Haal het vinkje bij de mail weg, en bewaar straks de link of het nummer bij je vraag."
                    )
                ]
            }
        )


def add(question_id: UUID, person_id: UUID | None) -> None:
    """Add the row of a new anonymous question, which is in the database. `person_id` None: not chosen."""
    sealed = _decoy() if person_id is None else pseudonyms.seal(_key(question_id), question_id, person_id)
    db.session.add(QuestionNotice(question_id=question_id, sealed=sealed, told=""))
    db.session.flush()


def delete_notices(question_ids: Iterable[UUID]) -> int:
    """Delete these rows; their keys follow after the commit. Returns how many there were."""
    ids = list(question_ids)
    gone = db.session.execute(
        delete(QuestionNotice)
        .where(QuestionNotice.question_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    for question_id in ids:
        after_commit(destroy_key, question_id)
    return gone.rowcount  # type: ignore[attr-defined,no-any-return]


def destroy_key(question_id: UUID) -> None:
    """Destroy the key of a question nobody is mailed about any more: it has no use."""
    pseudonyms.destroy_key(_key(question_id))


def chosen_by(person_id: UUID) -> list[UUID]:
    """Return the questions whose news somebody chose to hear. Opens every seal whose key exists."""
    return [
        row.question_id
        for row in db.session.execute(select(QuestionNotice.question_id, QuestionNotice.sealed))
        if _whose(row) == person_id
    ]


def tell(*, now: datetime) -> int:
    """Write one mail to everybody who has news, however many questions it is about, in the running
    transaction.

    Idempotent. Rows of questions that ended are deleted; for people who switched these mails off, the seal
    and its key are destroyed at once. Returns the number of mails.
    """
    found = db.session.execute(
        select(QuestionNotice, Question, ProgrammeSession.ends_at)
        .join(Question, Question.id == QuestionNotice.question_id)
        .join(ProgrammeSession, ProgrammeSession.id == Question.session_id)
        .order_by(QuestionNotice.question_id)
        .with_for_update(of=QuestionNotice, skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    ends = ends_of([question for _notice, question, _ends_at in found])
    ids = [*{question.id for _notice, question, _ends_at in found} | {end.id for end in ends.values()}]
    with speaking("nl"):  # the same text every night
        became = outcomes_of(ids)
    open_elsewhere = going_on(ids)
    readers: set[UUID] = set()
    over: list[UUID] = []
    for notice, question, ends_at in found:
        end = ends.get(question.id, question)
        told = _said_of(end, [*became.get(question.id, ()), *became.get(end.id, ())])
        if told != notice.told:
            notice.told = told
            readers |= {who for who in [_whose(notice)] if who is not None}
        if not {question.id, end.id} & open_elsewhere and _has_ended(end, ends_at, now):
            over.append(question.id)
    written = sum(_write(person_id, now) for person_id in sorted(readers))
    _blind_the_muted([notice for notice, question, _ends_at in found if question.id not in over])
    db.session.flush()
    delete_notices(over)
    return written


def _write(person_id: UUID, now: datetime) -> bool:
    person = db.session.get(Person, person_id)
    if person is None or person.email is None or ABOUT in muted_by(person_id):
        return False
    send(person, ABOUT, "notice", dedupe_key=f"notice:{uuid4()}", now=now)
    return True


def _blind_the_muted(notices: list[QuestionNotice]) -> None:
    """Replace the seal of people who switched this mail off by random data, as if they had not chosen it."""
    for notice in notices:
        who = _whose(notice)
        if who is not None and ABOUT in muted_by(who):
            db.session.execute(
                update(QuestionNotice)
                .where(QuestionNotice.question_id == notice.question_id)
                .values(sealed=_decoy())
            )
            after_commit(destroy_key, notice.question_id)


def _said_of(end: Question, became: list[QuestionOutcome]) -> str:
    """Return a fingerprint of all that the asker is told; empty while there is nothing."""
    said = sorted({(each.state or each.said, each.path, each.answer or "") for each in became})
    status = end.status.value if end.status in NEWS else ""
    return blake2b(repr((status, said)).encode(), digest_size=16).hexdigest() if status or said else ""


def _has_ended(end: Question, ends_at: datetime, now: datetime) -> bool:
    if end.status is QuestionStatus.HIDDEN:
        return ends_at < now - APPEAL_AFTER
    return end.status in NEWS


def _whose(notice: Any) -> UUID | None:
    return pseudonyms.unseal(_key(notice.question_id), notice.question_id, notice.sealed)


def _key(question_id: UUID) -> UUID:
    return uuid5(KEYS, question_id.hex)


def _decoy() -> str:
    return secrets.token_urlsafe(16)
