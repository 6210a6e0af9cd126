"""Errors that refuse an action on a question."""

from dagvandebuurt.core.errors import RuleBroken, TooFast
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


class QuestionsClosed(RuleBroken):
    code = "qanda.closed"
    message = _l("De vragen zijn hier dicht. Je leest wel gewoon mee.")


class AlreadyThere(RuleBroken):
    """Refusal: another question has this id. Ids are random, so this is a mistake of the client."""

    code = "qanda.already_there"
    message = _l("Deze vraag staat er al.")


class Changed(ChangedMeanwhile):
    """Edit conflict: somebody else was first. `status` is the current status, `by` who changed it where that
    may be known; `deed` what they did, where the status stayed the same (`hide_name`, `mute` …).
    """

    code = "qanda.changed"
    message = _l("Iemand was je voor: deze vraag is net veranderd.")


class Claimed(Changed):
    """Refusal: a colleague is looking at this question now. `by` is who."""

    code = "qanda.claimed"
    message = _l("Een collega kijkt hier al naar.")


class StageChanged(Changed):
    """Edit conflict: another question is on stage than when the button was pressed. `live` is its id, `text`
    its text, `by` who put it there.
    """

    code = "qanda.stage_changed"
    message = _l(
        "Intussen is een andere vraag aan de beurt. Moet deze ervoor in de plaats? Druk dan nog een keer."
    )

    def __init__(self, *, live: str, text: str, by: str | None) -> None:
        said = _l(
            "%(name)s heeft intussen een andere vraag aan de beurt gezet."
            " Moet deze ervoor in de plaats? Druk dan nog een keer.",
            name=by,
        )
        RuleBroken.__init__(self, said if by else None, live=live, text=text, by=by)


class AskingChanged(RuleBroken):
    """Edit conflict: a colleague changed a setting since the page was loaded. `by` is who."""

    code = "qanda.asking_changed"
    message = _l("Een collega heeft dit net veranderd. Kijk hoe het nu staat, en druk dan nog een keer.")

    def __init__(self, by: str | None) -> None:
        said = _l(
            "%(name)s heeft dit net veranderd. Kijk hoe het nu staat, en druk dan nog een keer.", name=by
        )
        super().__init__(said if by else None, by=by)


class CannotStop(RuleBroken):
    """Refusal: an anonymous question identifies nobody, and only organisers suspend an account."""

    code = "qanda.cannot_stop"
    message = _l(
        "Dit kan alleen bij een gast die niet anoniem vroeg. Zet anders de vrager stil in deze zaal."
    )


class NoName(RuleBroken):
    """Refusal: there is no name to hide, as it was asked by role or anonymously."""

    code = "qanda.no_name"
    message = _l("Bij deze vraag staat geen naam. Er is dus niets te verbergen of te tonen.")


class Muted(RuleBroken):
    """Refusal: a moderator muted this handle for the room."""

    code = "qanda.muted"
    status = 403
    message = _l("Je steun telt hier niet mee: een moderator zette je stil in deze zaal. Bel of mail ons.")


class NotYours(RuleBroken):
    code = "qanda.not_yours"
    status = 404
    message = _l("Deze vraag is er niet, of is niet van jou.")


class TooManyWaiting(TooFast):
    """Refusal: the limit of one person's questions that may wait at once is reached."""

    code = "qanda.too_many_waiting"
    message = _l("Je hebt al vijf vragen die wachten. Wacht tot de moderator er een heeft gelezen.")


class SlowMode(TooFast):
    """Refusal: the moderator set a pause between two questions of one person."""

    code = "qanda.slow_mode"
    message = _l(
        "Even wachten: in deze zaal mag je om de paar minuten iets vragen. Zo komt iedereen aan bod."
    )


class CannotMerge(RuleBroken):
    """Refusal: into itself, or two questions whose supporters have pseudonyms of different rooms: somebody
    who supports both would count twice.
    """

    code = "qanda.cannot_merge"
    message = _l("Deze twee kun je niet samenvoegen: dan telt iemand misschien twee keer mee.")


class CannotUnmerge(RuleBroken):
    """Refusal: the question it was merged into is in another session now."""

    code = "qanda.cannot_unmerge"
    message = _l(
        "De vraag waar deze bij hoort, staat nu bij een andere sessie. Daarom kan hij er hier niet uit."
    )


class CannotUndo(RuleBroken):
    """Refusal: this decision has no undo, it was too long ago, or something beside it changed since."""

    code = "qanda.cannot_undo"
    message = _l("Dit kun je niet meer ongedaan maken: er is intussen iets anders gebeurd.")


class TooLateToUndo(CannotUndo):
    code = "qanda.too_late_to_undo"
    message = _l("Ongedaan maken kan alleen meteen. Dit is te lang geleden: er is niets veranderd.")


class CannotMove(RuleBroken):
    code = "qanda.cannot_move"
    message = _l("Naar die sessie kan de vraag niet: kies een andere die nog komt of bezig is.")
