"""Errors that refuse something in the hall chat."""

from dagvandebuurt.core.errors import RuleBroken, TooFast
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


class ChatClosed(RuleBroken):
    code = "chat.closed"
    message = _l("In het zaalgesprek kun je nu niets schrijven.")


class ChatMuted(RuleBroken):
    """Refusal: a moderator muted this person for the room."""

    code = "chat.muted"
    status = 403
    message = _l("Een moderator zette je stil in deze zaal. Klopt dat niet? Bel of mail ons.")


class ChatTooFast(TooFast):
    """Refusal: the pause between two lines of one person is not over. Try later, as a new operation."""

    code = "chat.slow"
    message = _l("Even wachten: het zaalgesprek gaat rustig aan. Zo komt iedereen aan bod.")


class HeldWord(RuleBroken):
    """Refusal: the text has a word from the block list, and nobody reads a line before the hall does."""

    code = "chat.held"
    message = _l("Zo kan het hier niet staan. Zeg het anders, of vraag het bij Jouw vraag.")


class NoSuchLine(RuleBroken):
    code = "chat.not_there"
    status = 404
    message = _l("Deze regel is er niet meer.")


class LineThere(RuleBroken):
    code = "chat.already_there"
    message = _l("Deze regel staat er al.")


class LineChanged(ChangedMeanwhile):
    """Edit conflict: a colleague decided about the line since. `by` is who, where that is known; `is_hidden`
    what became of it.
    """

    code = "chat.changed"
    message = _l("Deze regel is net veranderd. Kijk nog even hoe het nu staat.")

    def __init__(self, by: str | None, *, is_hidden: bool) -> None:
        did = _l("%(name)s verborg deze regel al.", name=by)
        if not is_hidden:
            did = _l("%(name)s laat de zaal deze regel weer lezen.", name=by)
        super().__init__(did if by else None, by=by)


class AuthorMutedSince(ChangedMeanwhile):
    """Edit conflict: a colleague muted the author of the line since. `by` is who."""

    code = "chat.muted_since"
    message = _l("Wie dit schreef, is net weer stilgezet. Kijk nog even hoe het nu staat.")

    def __init__(self, by: str | None) -> None:
        super().__init__(_l("%(name)s zette deze persoon stil.", name=by) if by else None, by=by)


class AuthorMuted(RuleBroken):
    code = "chat.author_muted"
    message = _l("Wie dit schreef, is stilgezet. Laat die eerst weer meedoen.")


class ChatRulesChanged(RuleBroken):
    """Edit conflict: a colleague changed the settings since the page was loaded. `by` is who."""

    code = "chat.rules_changed"
    message = _l("Een collega heeft dit net veranderd. Kijk hoe het nu staat, en druk dan nog een keer.")

    def __init__(self, by: str | None) -> None:
        said = _l(
            "%(name)s heeft dit net veranderd. Kijk hoe het nu staat, en druk dan nog een keer.", name=by
        )
        super().__init__(said if by else None, by=by)
