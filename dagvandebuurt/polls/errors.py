"""Errors that refuse an action on a poll."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class PollNotOpen(RuleBroken):
    code = "polls.not_open"
    message = _l("Deze peiling is niet open.")


class SessionIsOver(RuleBroken):
    code = "polls.session_over"
    message = _l("De sessie is voorbij. Er kan niemand meer kiezen.")


class NoSuchPoll(RuleBroken):
    code = "polls.not_there"
    status = 404
    message = _l("Deze peiling is er niet.")


class PollMoved(RuleBroken):
    """Edit conflict: another moderator was first, or the status changed. `status` is the current one, `by`
    who.
    """

    code = "polls.changed"
    message = _l("Deze peiling is net veranderd. Kijk nog even hoe hij er nu bij staat.")

    def __init__(self, status: str, by: str | None = None) -> None:
        said = _l(
            "%(name)s heeft deze peiling net veranderd. Kijk nog even hoe hij er nu bij staat.", name=by
        )
        super().__init__(said if by else None, status=status, by=by)
