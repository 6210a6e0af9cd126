"""Commands on what people write in a poll: writing it, and showing it to the room."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.core.text import length
from dagvandebuurt.live.writes import Moment
from dagvandebuurt.people.models import ParticipantRole
from dagvandebuurt.people.queries import name_of
from dagvandebuurt.polls.errors import NoSuchPoll, PollMoved
from dagvandebuurt.polls.models import (
    WORD_MAX_CHARS,
    WORD_MAX_PARTS,
    WRITTEN,
    Ballot,
    Poll,
    PollAnswer,
    PollKind,
    PollStatus,
)
from dagvandebuurt.polls.permissions import PollPermission
from dagvandebuurt.polls.queries import voter_key
from dagvandebuurt.polls.rules import expect_status, find_poll, open_poll, put_ballot
from dagvandebuurt.polls.written import count_again, written_down
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import may_count


@command(needs=PollPermission.VOTE)
def write_answer(
    actor: Actor,
    session: ProgrammeSession,
    *,
    poll_id: UUID,
    texts: Sequence[str],
    role: ParticipantRole,
    at: Moment,
) -> None:
    """Store what a person writes, replacing what they wrote earlier; nothing withdraws it.

    What nobody says any more is deleted, also where the room read it. Raises PollNotOpen, NoSuchPoll, or
    InvalidInput for more texts than the poll takes, a sentence in a word cloud, or a poll in which people choose.
    """
    poll = open_poll(session, poll_id, at.now, counts=may_count(actor, session))
    if poll.kind not in WRITTEN:
        raise InvalidInput({"texts": [_("Kies een van de mogelijkheden.")]})
    if len(texts) > poll.max_choices:
        raise InvalidInput({"texts": [_("Schrijf er hoogstens %(most)d.", most=poll.max_choices)]})
    if poll.kind is PollKind.WORD_CLOUD and any(map(_is_too_long, texts)):
        said = _(
            "Schrijf hoogstens drie woorden in een vak, samen hoogstens %(most)d tekens.", most=WORD_MAX_CHARS
        )
        raise InvalidInput({"texts": [said]})
    key = voter_key(actor, poll.id)
    mine = select(Ballot.positions).where(Ballot.poll_id == poll.id, Ballot.voter_key == key)
    old = db.session.scalar(mine) or []
    new = list(dict.fromkeys(written_down(poll, text).number for text in texts))
    put_ballot(poll, key, new, role)
    poll.ballot_revision = at.revision
    if count_again(poll.id, old, new):
        poll.revision = at.revision


def _is_too_long(text: str) -> bool:
    return length(text) > WORD_MAX_CHARS or len(text.split()) > WORD_MAX_PARTS


@command(needs=PollPermission.RUN)
def show_answers(
    actor: Actor,
    session: ProgrammeSession,
    *,
    poll_id: UUID,
    answers: Sequence[int],
    on: bool,
    seen: int,
    at: Moment,
) -> Poll:
    """Show these answers to the room, by number, or hide them. What nobody says any more is left out.

    Raises PollMoved where a colleague decided about one of them after revision `seen`: its presser never read it
    so. InvalidInput for none.
    """
    poll = find_poll(session, poll_id)
    if poll.kind not in WRITTEN:
        raise NoSuchPoll
    expect_status(poll, at.now, PollStatus.OPEN, PollStatus.CLOSED)
    chosen = db.session.scalars(
        select(PollAnswer).where(PollAnswer.poll_id == poll.id, PollAnswer.number.in_(answers))
    ).all()
    if not chosen:
        raise InvalidInput({"answers": [_("Kies eerst een antwoord dat er nog staat.")]})
    unread = [each for each in chosen if each.revision > seen and each.changed_by_id != actor.id]
    if unread:
        raise PollMoved(poll.status_at(at.now).value, name_of(unread[0].changed_by_id))
    for answer in chosen:
        answer.is_shown, answer.revision, answer.changed_by_id = on, at.revision, actor.id
    poll.revision = poll.ballot_revision = at.revision
    poll.changed_by_id = actor.id
    return poll
