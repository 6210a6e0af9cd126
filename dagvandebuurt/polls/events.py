"""Live events of polls and reactions."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from dagvandebuurt.core.permissions import require
from dagvandebuurt.live import dispatch
from dagvandebuurt.live.connections import Listener
from dagvandebuurt.live.errors import NotEntered
from dagvandebuurt.live.runtime import Live
from dagvandebuurt.live.writes import LiveAct, Moment, Recall, Verb
from dagvandebuurt.polls import forms, rules, text_rules
from dagvandebuurt.polls.items import desk_card
from dagvandebuurt.polls.models import Poll, PollKind
from dagvandebuurt.polls.permissions import PollPermission
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_id

Running = Callable[[Any, ProgrammeSession, Any, Moment], Poll]


def _at_the_desk(do: Running) -> Callable[[Any, LiveAct, Moment], dict[str, Any]]:
    def apply(actor: Any, act: LiveAct, at: Moment) -> dict[str, Any]:
        return {"poll": desk_card(do(actor, session_by_id(actor, act.session), act, at))}

    return apply


def _write(who: Any, session: ProgrammeSession, act: forms.WritePoll, at: Moment) -> Poll:
    return rules.write(
        who,
        session,
        poll_id=act.poll,
        draft=rules.Draft(
            title=act.title,
            kind=PollKind(act.kind),
            labels=act.options,
            max_choices=act.max_choices,
            right=act.right,
            steps=act.steps,
            words=act.words,
            low_label=act.low_label,
            high_label=act.high_label,
            shows_mean=act.shows_mean,
        ),
        seen=act.seen,
        at=at,
    )


def _kept(answer: dict[str, Any]) -> dict[str, Any]:
    return {"poll": answer["poll"]["id"]}


def _again(actor: Any, act: LiveAct, kept: dict[str, Any]) -> dict[str, Any]:
    """Rebuild the acknowledgement: the poll as it is now. Raises NotAllowed or NoSuchPoll."""
    session = session_by_id(actor, act.session)
    require(actor, PollPermission.READ_DESK, session)
    return {"poll": desk_card(rules.find_poll(session, UUID(kept["poll"])))}


RECALL = Recall(_kept, _again)  # what people wrote is in the acknowledgement, and not stored for replays


def _cast(actor: Any, act: forms.CastBallot, at: Moment) -> dict[str, Any]:
    session, role = session_by_id(actor, act.session), actor.participant_role
    if act.texts is None:
        rules.cast(actor, session, poll_id=act.poll, choices=act.choices, role=role, at=at)
    else:
        text_rules.write_answer(actor, session, poll_id=act.poll, texts=act.texts, role=role, at=at)
    return {"poll": str(act.poll)}  # not what was chosen: this result is stored for replays


WRITE = dispatch.writes_with(Verb("poll:write", forms.WritePoll, _at_the_desk(_write)))
READY = dispatch.writes_with(
    Verb(
        "poll:ready",
        forms.AtTheDesk,
        _at_the_desk(
            lambda who, session, act, at: rules.make_ready(
                who, session, poll_id=act.poll, seen=act.seen, at=at
            )
        ),
    )
)
REMOVE = dispatch.writes_with(
    Verb(
        "poll:remove",
        forms.AtTheDesk,
        _at_the_desk(
            lambda who, session, act, at: rules.remove(who, session, poll_id=act.poll, seen=act.seen, at=at)
        ),
    )
)
OPEN = dispatch.writes_with(
    Verb(
        "poll:open",
        forms.OpenPoll,
        _at_the_desk(
            lambda who, session, act, at: rules.open_it(
                who, session, poll_id=act.poll, minutes=act.minutes, seen=act.seen, at=at
            )
        ),
    )
)
CLOSE = dispatch.writes_with(
    Verb(
        "poll:close",
        forms.AtTheDesk,
        _at_the_desk(
            lambda who, session, act, at: rules.close(who, session, poll_id=act.poll, seen=act.seen, at=at)
        ),
        recall=RECALL,
    )
)
RESULTS = dispatch.writes_with(
    Verb(
        "poll:results",
        forms.ShowResults,
        _at_the_desk(
            lambda who, session, act, at: rules.show_results(
                who, session, poll_id=act.poll, on=act.on, seen=act.seen, at=at
            )
        ),
        recall=RECALL,
    )
)
SHOW = dispatch.writes_with(
    Verb(
        "poll:show",
        forms.ShowAnswers,
        _at_the_desk(
            lambda who, session, act, at: text_rules.show_answers(
                who, session, poll_id=act.poll, answers=act.answers, on=act.on, seen=act.seen, at=at
            )
        ),
        recall=RECALL,
    )
)
BALLOT = dispatch.writes_with(Verb("poll:ballot", forms.CastBallot, _cast))


@dispatch.on("reaction:send", forms.React)
def react(live: Live, listener: Listener, act: forms.React) -> None:
    """Send applause or a heart. Broadcast with all others at the next tick, and not stored."""
    if act.session not in listener.rooms:
        raise NotEntered
    require(listener.actor, PollPermission.REACT)
    live.reactions.add(act.session, listener.actor.id, act.kind)
