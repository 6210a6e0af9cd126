"""Live events of the Q&A: maps each message of a socket or plain form to a command."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from dagvandebuurt.core import after_commit
from dagvandebuurt.core.db import db
from dagvandebuurt.core.errors import LoginNeeded, RuleBroken
from dagvandebuurt.core.permissions import can, require
from dagvandebuurt.live.dispatch import writes_with
from dagvandebuurt.live.writes import LiveAct, Moment, Recall, Verb, refusal
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_id
from dagvandebuurt.qanda import (
    claim_rules,
    desk_rules,
    forms,
    hidden_names,
    letters,
    mending,
    muting,
    rules,
    session_rules,
    transfer_rules,
    undo_rules,
)
from dagvandebuurt.qanda.authors import is_own
from dagvandebuurt.qanda.errors import NotYours
from dagvandebuurt.qanda.hooks import asker_muted, asker_name_hidden
from dagvandebuurt.qanda.items import asking_card, backstage_card, desk_card, desk_cards, own_card
from dagvandebuurt.qanda.models import Action, BackstageLine, Question
from dagvandebuurt.qanda.permissions import QandaPermission
from dagvandebuurt.qanda.states import MACHINE

NEEDED_FOR_SUPPORT = MACHINE.needs(Action.SUPPORT)  # looked up once: thousands a second ask for it


def _ask(actor: Any, act: forms.Ask, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    behalf = None
    if act.via is not None:
        behalf = rules.Behalf(act.via, act.for_role, act.for_place or None, act.consent)
    question = rules.ask(
        actor,
        session,
        question_id=act.id,
        text=act.text,
        kind=act.kind,
        appear=act.appear,
        notice=act.notice,
        behalf=behalf,
        at=at,
    )
    return {"question": own_card(question)}


def _withdraw(actor: Any, act: forms.AboutQuestion, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    return {"question": own_card(rules.withdraw(actor, session, question_id=act.question, at=at))}


def _support(actor: Any, act: forms.SupportIt, at: Moment) -> dict[str, Any]:
    result = _support_many([(actor, act)], at)[0]
    if isinstance(result, RuleBroken):
        raise result
    return result


def _support_many(
    wishes: Sequence[tuple[Any, forms.SupportIt]], at: Moment
) -> list[dict[str, Any] | RuleBroken]:
    refused_here = muting.refusals((actor for actor, _act in wishes), at.room_id)
    allowed = [
        (actor, act)
        for actor, act in wishes
        if can(actor, NEEDED_FOR_SUPPORT) and actor.id not in refused_here
    ]
    counts = iter(
        rules.support_many([(actor, act.question, act.on) for actor, act in allowed], at.room_id, at=at)
    )
    answers: list[dict[str, Any] | RuleBroken] = []
    for actor, act in wishes:
        refused = refused_here.get(actor.id) if can(actor, NEEDED_FOR_SUPPORT) else LoginNeeded()
        count = refused or next(counts)
        if isinstance(count, RuleBroken):
            answers.append(count)
        else:
            answers.append({"id": str(act.question), "support": count, "on": act.on})
    return answers


Moderating = Callable[[Any, ProgrammeSession, Any, Moment], Question]


def _at_the_desk(do: Moderating) -> Callable[[Any, LiveAct, Moment], dict[str, Any]]:
    def apply(actor: Any, act: LiveAct, at: Moment) -> dict[str, Any]:
        busy = None
        if isinstance(act, forms.AtTheDesk):
            busy = claim_rules.who_is_busy(act.question, at, besides=actor.id)
        told = {"question": desk_card(do(actor, session_by_id(actor, act.session), act, at))}
        return told | ({"busy": busy} if busy else {})

    return apply


def _answer(who: Any, session: ProgrammeSession, act: forms.Answer, at: Moment) -> Question:
    answered: Question = desk_rules.answer(
        who, session, question_id=act.question, text=act.text, instead_of=act.instead_of, at=at
    )
    letters.tell_askers(answered, now=at.now)
    return answered


def _mend(who: Any, session: ProgrammeSession, act: forms.Mend, at: Moment) -> Question:
    mended = mending.mend(who, session, question_id=act.question, text=act.text, seen=act.seen, at=at)
    letters.tell_of_mending(mended, now=at.now)
    return mended


def _arrange(actor: Any, act: forms.Arrange, at: Moment) -> dict[str, Any]:
    asking = session_rules.arrange(
        actor,
        session_by_id(actor, act.session),
        is_open=act.is_open,
        minutes_between=act.minutes_between,
        shows_first=act.shows_first,
        registered_only=act.registered_only,
        seen=act.seen,
        at=at,
    )
    return {"asking": asking_card(asking)}


def _say_backstage(actor: Any, act: forms.SayBackstage, at: Moment) -> dict[str, Any]:
    line = session_rules.say_backstage(actor, session_by_id(actor, act.session), text=act.text, at=at)
    return {"line": backstage_card(line)}


def _id_of(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda answer: {name: answer[name]["id"]}


def _own_again(actor: Any, act: LiveAct, kept: dict[str, Any]) -> dict[str, Any]:
    """Rebuild the acknowledgement: the question of `actor` as it is now. Raises NotYours when it has no asker
    any more.
    """
    question = db.session.get(Question, UUID(kept["question"]))
    if question is None or not is_own(actor, question):
        raise NotYours
    return {"question": own_card(question)}


def _desk_again(actor: Any, act: LiveAct, kept: dict[str, Any]) -> dict[str, Any]:
    """Rebuild the acknowledgement for a moderator. Raises NotAllowed for somebody who no longer runs this
    session.
    """
    require(actor, QandaPermission.READ_DESK, session_by_id(actor, act.session))
    question = db.session.get(Question, UUID(kept["question"]))
    if question is None:
        raise NotYours
    return {"question": desk_card(question)}


def _line_again(actor: Any, act: LiveAct, kept: dict[str, Any]) -> dict[str, Any]:
    require(actor, QandaPermission.BACKSTAGE, session_by_id(actor, act.session))
    line = db.session.get(BackstageLine, UUID(kept["line"]))
    if line is None:
        raise NotYours
    return {"line": backstage_card(line)}


def _mute(actor: Any, act: forms.MuteHandle, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    question = muting.mute(actor, session, question_id=act.question, reason=act.reason, seen=act.seen, at=at)
    if question.asker_id is not None:
        asker_muted(actor, session.id, question.asker_id, act.reason, at)
    return {"question": desk_card(question)}


def _hide_name(actor: Any, session: ProgrammeSession, act: Any, at: Moment) -> Question:
    question = hidden_names.hide_name(
        actor, session, question_id=act.question, on=act.on, seen=act.seen, at=at
    )
    if question.asker_id is not None:
        asker_name_hidden(session.id, question.asker_id, act.on, at)
    return question


def _unmute(actor: Any, act: forms.AtTheDesk, at: Moment) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    question = muting.unmute(actor, session, question_id=act.question, seen=act.seen, at=at)
    return {"question": desk_card(question)}


def _several(actor: Any, act: forms.Several, at: Moment) -> dict[str, Any]:
    """Decide about each of these on its own: one that a colleague decided about meanwhile keeps no other back."""
    require(actor, QandaPermission.MODERATE, session_by_id(actor, act.session))
    done: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for each in {seen.question: seen for seen in act.questions}.values():
        told = after_commit.count()
        try:
            with db.session.begin_nested():
                done.append(_one_of_several(actor, act, each, at)["question"])
        except RuleBroken as broken:
            after_commit.discard(beyond=told)
            refused.append(
                {"question": str(each.question), "error": refusal(broken, actor.language)["error"]}
            )
    return {"done": done, "refused": refused}


def _one_of_several(actor: Any, act: forms.Several, each: forms.Seen, at: Moment) -> dict[str, Any]:
    about: dict[str, Any] = {
        "session": act.session, "op": act.op, "question": each.question, "seen": each.seen
    }  # fmt: skip
    if act.deed is forms.SeveralDeed.HIDE:
        return HIDE.apply(actor, forms.Hide(**about, reason=act.reason or "", note=act.note), at)
    if act.deed is forms.SeveralDeed.UNDO:
        return UNDO.apply(actor, forms.Undo(**about), at)
    return SHOW.apply(actor, forms.AtTheDesk(**about), at)


def _several_again(actor: Any, act: LiveAct, kept: dict[str, Any]) -> dict[str, Any]:
    """Rebuild the acknowledgement: the questions as they are now. Raises NotAllowed, as `_desk_again` does."""
    require(actor, QandaPermission.READ_DESK, session_by_id(actor, act.session))
    found = [db.session.get(Question, UUID(each)) for each in kept["done"]]
    return {"done": desk_cards([each for each in found if each is not None]), "refused": kept["refused"]}


OWN = Recall(_id_of("question"), _own_again)
AT_THE_DESK = Recall(_id_of("question"), _desk_again)
BACKSTAGE = writes_with(
    Verb("backstage:say", forms.SayBackstage, _say_backstage, recall=Recall(_id_of("line"), _line_again))
)
ASK = writes_with(Verb("question:ask", forms.Ask, _ask, recall=OWN))
WITHDRAW = writes_with(Verb("question:withdraw", forms.AboutQuestion, _withdraw, recall=OWN))
MUTE = writes_with(Verb("question:mute", forms.MuteHandle, _mute, recall=AT_THE_DESK))
UNMUTE = writes_with(Verb("question:unmute", forms.AtTheDesk, _unmute, recall=AT_THE_DESK))
SUPPORT = writes_with(Verb("question:support", forms.SupportIt, _support, _support_many))
HIDE_NAME = writes_with(
    Verb(
        "question:hidename",
        forms.HideName,
        _at_the_desk(_hide_name),
        recall=AT_THE_DESK,
    )
)
SHOW = writes_with(
    Verb(
        "question:show",
        forms.AtTheDesk,
        _at_the_desk(
            lambda who, session, act, at: desk_rules.show(
                who, session, question_id=act.question, seen=act.seen, at=at
            )
        ),
        recall=AT_THE_DESK,
    )
)
CLAIM = writes_with(
    Verb(
        "question:claim",
        forms.ClaimIt,
        _at_the_desk(
            lambda who, session, act, at: claim_rules.claim(
                who, session, question_id=act.question, on=act.on, seen=act.seen, at=at
            )
        ),
        recall=AT_THE_DESK,
    )
)
HIDE = writes_with(
    Verb(
        "question:hide",
        forms.Hide,
        _at_the_desk(
            lambda who, session, act, at: desk_rules.hide(
                who,
                session,
                question_id=act.question,
                reason=act.reason,
                note=act.note,
                seen=act.seen,
                at=at,
            )
        ),
        recall=AT_THE_DESK,
    )
)
SHORTLIST = writes_with(
    Verb(
        "question:shortlist",
        forms.Shortlist,
        _at_the_desk(
            lambda who, session, act, at: desk_rules.shortlist(
                who, session, question_id=act.question, on=act.on, seen=act.seen, at=at
            )
        ),
        recall=AT_THE_DESK,
    )
)
LIVE = writes_with(
    Verb(
        "question:live",
        forms.PutLive,
        _at_the_desk(
            lambda who, session, act, at: desk_rules.put_live(
                who,
                session,
                question_id=act.question,
                on=act.on,
                seen=act.seen,
                instead_of=act.instead_of,
                at=at,
            )
        ),
        recall=AT_THE_DESK,
    )
)
MERGE = writes_with(
    Verb(
        "question:merge",
        forms.Merge,
        _at_the_desk(
            lambda who, session, act, at: transfer_rules.merge(
                who, session, question_id=act.question, into_id=act.into, seen=act.seen, at=at
            )
        ),
        recall=AT_THE_DESK,
    )
)
MOVE = writes_with(
    Verb(
        "question:move",
        forms.Move,
        _at_the_desk(
            lambda who, session, act, at: transfer_rules.move(
                who,
                session,
                question_id=act.question,
                to=session_by_id(who, act.to),
                seen=act.seen,
                at=at,
            )
        ),
        recall=AT_THE_DESK,
    )
)
MEND = writes_with(Verb("question:mend", forms.Mend, _at_the_desk(_mend), recall=AT_THE_DESK))
UNMERGE = writes_with(
    Verb(
        "question:unmerge",
        forms.AtTheDesk,
        _at_the_desk(
            lambda who, session, act, at: transfer_rules.unmerge(
                who, session, question_id=act.question, seen=act.seen, at=at
            )
        ),
        recall=AT_THE_DESK,
    )
)
UNDO = writes_with(
    Verb(
        "question:undo",
        forms.Undo,
        _at_the_desk(
            lambda who, session, act, at: undo_rules.undo(
                who, session, question_id=act.question, seen=act.seen, at=at
            )
        ),
        recall=AT_THE_DESK,
    )
)
SEVERAL = writes_with(
    Verb(
        "question:several",
        forms.Several,
        _several,
        recall=Recall(
            lambda answer: {
                "done": [each["id"] for each in answer["done"]],
                "refused": answer["refused"],
            },
            _several_again,
        ),
    )
)
ARRANGE = writes_with(Verb("asking:arrange", forms.Arrange, _arrange))
ANSWER = writes_with(
    Verb(
        "question:answer",
        forms.Answer,
        _at_the_desk(_answer),
        recall=AT_THE_DESK,
    )
)
