"""State machines of a report: about a question in a session, and about a text outside the sessions. The same
transitions, with the permissions of the place. The tests and the diagrams are made from them.
"""

from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from dagvandebuurt.core.states import Change, Machine, Transition
from dagvandebuurt.moderation.errors import AlreadyDecided
from dagvandebuurt.moderation.models import Report
from dagvandebuurt.moderation.models import ReportStatus as S
from dagvandebuurt.moderation.permissions import ModerationPermission as P


class Action(StrEnum):
    """Action on a report that was sent."""

    TAKE = "take"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    APPEAL = "appeal"
    SETTLE = "settle"
    REOPEN = "reopen"


class At(Protocol):
    """Moment of a change, with the revision of the session's room; None outside the rooms."""

    @property
    def revision(self) -> int | None: ...


def _set_revision(change: Change[Report, Action, S], at: At) -> None:
    change.entity.revision = at.revision


def _refusal(report: Report) -> AlreadyDecided:
    return AlreadyDecided(by=report.decided_by or report.taken_by)


UNDECIDED = frozenset({S.RECEIVED, S.UNDER_REVIEW})
_TABLE: dict[Action, Transition[S]] = {
    Action.TAKE: Transition(P.HANDLE, frozenset({S.RECEIVED}), S.UNDER_REVIEW),
    # By hiding the question: there is no other way to agree with a report.
    Action.UPHOLD: Transition(None, UNDECIDED, S.UPHELD),
    # By undoing that hiding within moments.
    Action.REOPEN: Transition(None, frozenset({S.UPHELD}), S.RECEIVED),
    Action.DISMISS: Transition(P.HANDLE, UNDECIDED, S.DISMISSED),
    # By the reporter at a dismissal, by the asker at a hiding.
    Action.APPEAL: Transition(P.REPORT, frozenset({S.UPHELD, S.DISMISSED}), S.APPEALED),
    Action.SETTLE: Transition(P.HANDLE, frozenset({S.APPEALED}), S.FINAL),
}
REPORTS = Machine(Report, S.RECEIVED, _TABLE, refusal=_refusal, history=_set_revision)
TEXT_REPORTS = Machine(
    Report,
    S.RECEIVED,
    {
        Action.TAKE: replace(_TABLE[Action.TAKE], needs=P.HANDLE_TEXTS),
        Action.UPHOLD: replace(_TABLE[Action.UPHOLD], needs=P.HANDLE_TEXTS),
        Action.DISMISS: replace(_TABLE[Action.DISMISS], needs=P.HANDLE_TEXTS),
        # The holder of the link in the mail to the reporter.
        Action.APPEAL: replace(_TABLE[Action.APPEAL], needs=None),
        Action.SETTLE: replace(_TABLE[Action.SETTLE], needs=P.JUDGE_TEXTS),
    },
    refusal=_refusal,
    history=_set_revision,
    name="Report of a text",
)
