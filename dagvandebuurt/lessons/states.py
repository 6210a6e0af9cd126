"""State machines of lessons and comments: who may do what in which status. Tests are generated from these
tables.

A transition that is not in them is refused with the current status.
"""

from dataclasses import dataclass
from enum import StrEnum

from dagvandebuurt.lessons.models import READABLE
from dagvandebuurt.lessons.models import CommentStatus as C
from dagvandebuurt.lessons.models import LessonStatus as S
from dagvandebuurt.lessons.permissions import LessonPermission as P


class Deed(StrEnum):
    """Action on a lesson. GO_LIVE is for the scheduler only."""

    SAVE = "save"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    ASK_CHANGES = "ask_changes"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"
    GO_LIVE = "go_live"
    AMEND = "amend"
    ACCEPT = "accept"
    DECLINE = "decline"
    ARCHIVE = "archive"
    RESTORE = "restore"
    TAKE_DOWN = "take_down"
    PUT_BACK = "put_back"


@dataclass(frozen=True)
class Possible:
    """Transition. `needs`: the required permission. `states`: where it is possible. `after`: the new status;
    None leaves it as it is.
    """

    needs: P
    states: frozenset[S]
    after: S | None = None


UNFINISHED = frozenset({S.DRAFT, S.CHANGES_REQUESTED})

TABLE: dict[Deed, Possible] = {
    Deed.SAVE: Possible(P.WRITE, UNFINISHED),
    Deed.SUBMIT: Possible(P.WRITE, UNFINISHED, S.IN_REVIEW),
    Deed.TAKE_BACK: Possible(P.WRITE, frozenset({S.IN_REVIEW, S.APPROVED, S.SCHEDULED}), S.DRAFT),
    Deed.ASK_CHANGES: Possible(P.REVIEW, frozenset({S.IN_REVIEW}), S.CHANGES_REQUESTED),
    Deed.APPROVE: Possible(P.REVIEW, frozenset({S.IN_REVIEW}), S.APPROVED),
    Deed.SCHEDULE: Possible(P.PUBLISH, frozenset({S.APPROVED, S.SCHEDULED}), S.SCHEDULED),
    Deed.UNSCHEDULE: Possible(P.PUBLISH, frozenset({S.SCHEDULED}), S.APPROVED),
    Deed.PUBLISH: Possible(P.PUBLISH, frozenset({S.APPROVED, S.SCHEDULED}), S.PUBLISHED),
    Deed.GO_LIVE: Possible(P.PUBLISH, frozenset({S.SCHEDULED}), S.PUBLISHED),
    # A published text changes in two steps: one person proposes, another accepts.
    Deed.AMEND: Possible(P.WRITE, frozenset({S.PUBLISHED})),
    Deed.ACCEPT: Possible(P.REVIEW, frozenset({S.PUBLISHED})),
    Deed.DECLINE: Possible(P.REVIEW, frozenset({S.PUBLISHED})),
    Deed.ARCHIVE: Possible(P.PUBLISH, frozenset({S.PUBLISHED}), S.ARCHIVED),
    Deed.RESTORE: Possible(P.PUBLISH, frozenset({S.ARCHIVED}), S.PUBLISHED),
    Deed.TAKE_DOWN: Possible(P.TAKE_DOWN, READABLE, S.TAKEN_DOWN),
    Deed.PUT_BACK: Possible(P.TAKE_DOWN, frozenset({S.TAKEN_DOWN}), S.PUBLISHED),
}


class CommentDeed(StrEnum):
    """Action on a comment."""

    REPLY = "reply"
    EDIT = "edit"
    DELETE = "delete"
    LET_THROUGH = "let_through"
    HIDE = "hide"
    SHOW = "show"


@dataclass(frozen=True)
class CommentPossible:
    """Transition of a comment."""

    needs: P
    states: frozenset[C]
    after: C | None = None


COMMENT_TABLE: dict[CommentDeed, CommentPossible] = {
    CommentDeed.REPLY: CommentPossible(P.COMMENT, frozenset({C.VISIBLE})),
    CommentDeed.EDIT: CommentPossible(P.OWN_COMMENT, frozenset({C.PENDING, C.VISIBLE})),
    CommentDeed.DELETE: CommentPossible(
        P.OWN_COMMENT, frozenset({C.PENDING, C.VISIBLE, C.HIDDEN}), C.DELETED
    ),
    CommentDeed.LET_THROUGH: CommentPossible(P.MODERATE, frozenset({C.PENDING}), C.VISIBLE),
    CommentDeed.HIDE: CommentPossible(P.MODERATE, frozenset({C.PENDING, C.VISIBLE}), C.HIDDEN),
    CommentDeed.SHOW: CommentPossible(P.MODERATE, frozenset({C.HIDDEN}), C.VISIBLE),
}
