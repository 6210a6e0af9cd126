"""What can stand in the way of a comment."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class RulesNotAccepted(RuleBroken):
    """The spelregels changed since this person accepted them, or they never did."""

    code = "lessons.rules_not_accepted"
    status = 422
    message = _l("Zet een vinkje bij de spelregels. Dan kun je reageren.")


class NothingToReplyTo(RuleBroken):
    code = "lessons.nothing_to_reply_to"
    message = _l("De reactie waarop je wilde antwoorden is er niet meer.")
