"""Errors that refuse an action on a hand."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


class HandsClosed(RuleBroken):
    code = "hands.closed"
    message = _l("Je kunt hier nu geen hand opsteken.")


class TooManyHands(RuleBroken):
    code = "hands.too_many"
    message = _l("Je stak hier al vaak je hand op. Schrijf je vraag op, bij Jouw vraag.")


class HandMuted(RuleBroken):
    """Refusal: a moderator muted this person for the room."""

    code = "hands.muted"
    status = 403
    message = _l("Een moderator zette je stil in deze zaal. Klopt dat niet? Bel of mail ons.")


class NoSuchHand(RuleBroken):
    code = "hands.not_there"
    status = 404
    message = _l("Deze hand is er niet meer.")


class HandChanged(ChangedMeanwhile):
    """Edit conflict: the hand is not up any more, or somebody has the turn already. `status` is the current
    one, `by` who was first.
    """

    code = "hands.changed"
    message = _l("Deze hand is net veranderd. Kijk nog even hoe het nu staat.")

    def __init__(self, status: str, by: str | None = None) -> None:
        said = _l("%(name)s was je voor. Kijk nog even hoe het nu staat.", name=by)
        super().__init__(said if by else None, status=status, by=by)


class SomebodySpeaks(RuleBroken):
    """Edit conflict: another person has the turn than when the button was pressed. `speaking` is their hand."""

    code = "hands.somebody_speaks"

    def __init__(self, speaking: str, name: str) -> None:
        said = _l("%(name)s is nu aan het woord. Rond dat eerst af.", name=name)
        super().__init__(said, speaking=speaking)


class NoWayToSpeak(RuleBroken):
    code = "hands.no_way"
    message = _l("Zeg eerst waar iemand kan spreken. Deze sessie heeft zelf geen videovergadering.")


class RulesChanged(RuleBroken):
    """Edit conflict: a colleague changed the settings since the page was loaded. `by` is who."""

    code = "hands.rules_changed"
    message = _l("Een collega heeft dit net veranderd. Kijk hoe het nu staat, en druk dan nog een keer.")

    def __init__(self, by: str | None) -> None:
        said = _l(
            "%(name)s heeft dit net veranderd. Kijk hoe het nu staat, en druk dan nog een keer.", name=by
        )
        super().__init__(said if by else None, by=by)
