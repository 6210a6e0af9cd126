"""What can stand in the way of a question."""

from dagvandebuurt.core.errors import RuleBroken, TooFast
from dagvandebuurt.core.i18n import lazy as _l


class QuestionsClosed(RuleBroken):
    code = "qanda.closed"
    message = _l("De vragen zijn hier dicht. Je leest wel gewoon mee.")


class AlreadyThere(RuleBroken):
    """Another question has this id. Ids are random: this is a client's mistake."""

    code = "qanda.already_there"
    message = _l("Deze vraag staat er al.")


class Changed(RuleBroken):
    """Somebody was first. `status` is what is true now, `by` who did it where that may be known."""

    code = "qanda.changed"
    message = _l("Iemand was je voor: deze vraag is net veranderd.")


class NotYours(RuleBroken):
    code = "qanda.not_yours"
    status = 404
    message = _l("Deze vraag is er niet, of is niet van jou.")


class TooManyWaiting(TooFast):
    """Others want a turn as well: so many of one person's questions may wait at once."""

    code = "qanda.too_many_waiting"
    message = _l("Je hebt al vijf vragen die wachten. Wacht tot de moderator er een heeft gelezen.")
