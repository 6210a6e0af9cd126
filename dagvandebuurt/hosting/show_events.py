"""Live events of the run of show."""

from collections.abc import Callable
from typing import Any

from dagvandebuurt.core.permissions import require
from dagvandebuurt.hosting import forms, show_rules
from dagvandebuurt.hosting.items import show_card
from dagvandebuurt.hosting.models import RunOfShow
from dagvandebuurt.hosting.permissions import HostingPermission
from dagvandebuurt.hosting.show import show_of
from dagvandebuurt.live.dispatch import writes_with
from dagvandebuurt.live.writes import LiveAct, Moment, Recall, Verb
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_id

Planning = Callable[[Any, ProgrammeSession, Any, Moment], RunOfShow]


def _of_show(do: Planning) -> Callable[[Any, LiveAct, Moment], dict[str, Any]]:
    def apply(actor: Any, act: LiveAct, at: Moment) -> dict[str, Any]:
        return {"show": show_card(do(actor, session_by_id(actor, act.session), act, at))}

    return apply


def _again(actor: Any, act: LiveAct, _kept: dict[str, Any]) -> dict[str, Any]:
    require(actor, HostingPermission.PLAN, session_by_id(actor, act.session))
    return {"show": show_card(show_of(act.session))}


def _change_end(actor: Any, act: forms.ChangeEnd, at: Moment) -> dict[str, Any]:
    session = show_rules.change_end(
        actor, session_by_id(actor, act.session), minutes=act.minutes, seen=act.seen, at=at
    )
    return {"ends_at": session.ends_at.isoformat()}


def _end_again(actor: Any, act: forms.ChangeEnd, _kept: dict[str, Any]) -> dict[str, Any]:
    session = session_by_id(actor, act.session)
    require(actor, HostingPermission.RUN, session)
    return {"ends_at": session.ends_at.isoformat()}


RECALL = Recall(lambda _answer: {}, _again)
WRITE_PART = writes_with(
    Verb(
        "show:write",
        forms.WritePart,
        _of_show(
            lambda who, session, act, at: show_rules.write_part(
                who,
                session,
                part_id=act.part,
                kind=act.kind,
                title=act.title,
                minutes=act.minutes,
                speaker_id=act.speaker,
                stage=act.stage,
                seen=act.seen,
                at=at,
            )
        ),
        recall=RECALL,
    )
)
REMOVE_PART = writes_with(
    Verb(
        "show:remove",
        forms.AboutShow,
        _of_show(
            lambda who, session, act, at: show_rules.remove_part(
                who, session, part_id=act.part, seen=act.seen, at=at
            )
        ),
        recall=RECALL,
    )
)
MOVE_PART = writes_with(
    Verb(
        "show:move",
        forms.MovePart,
        _of_show(
            lambda who, session, act, at: show_rules.move_part(
                who, session, part_id=act.part, earlier=act.earlier, seen=act.seen, at=at
            )
        ),
        recall=RECALL,
    )
)
BEGIN_PART = writes_with(
    Verb(
        "show:begin",
        forms.AboutShow,
        _of_show(
            lambda who, session, act, at: show_rules.begin_part(
                who, session, part_id=act.part, seen=act.seen, at=at
            )
        ),
        recall=RECALL,
    )
)
CHANGE_END = writes_with(
    Verb("session:end", forms.ChangeEnd, _change_end, recall=Recall(lambda _answer: {}, _end_again))
)
