"""Errors that refuse a report, decision or appeal."""

from dagvandebuurt.core.errors import NotAllowed, RuleBroken, TooFast
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


class NothingToReport(RuleBroken):
    code = "moderation.nothing_to_report"
    message = _l("Dit staat er niet meer. Melden hoeft niet.")


class AlreadyReported(RuleBroken):
    code = "moderation.already_reported"
    message = _l("Je hebt dit al gemeld. Op Mijn dag lees je wat ermee gebeurt.")


class TooManyReports(TooFast):
    code = "moderation.too_many"
    message = _l("Je hebt al tien meldingen waar nog niemand naar keek. Wacht daar even op.")


class NoSuchReport(RuleBroken):
    """Not found: missing, of another session, or of another person, without distinction."""

    code = "moderation.no_such_report"
    status = 404
    message = _l("Deze melding is er niet.")


class AlreadyDecided(ChangedMeanwhile):
    """Edit conflict: another moderator was first. `by` is their name, for the desk only."""

    code = "moderation.already_decided"
    message = _l("Iemand was je voor: hierover is al besloten.")

    def __init__(self, by: str | None) -> None:
        super().__init__(_l("%(name)s was je voor: hierover is al besloten.", name=by) if by else None, by=by)


class TakenMeanwhile(RuleBroken):
    """Edit conflict: a colleague started to handle it since the page was loaded. `by` is their name."""

    code = "moderation.taken"
    message = _l("Een collega kijkt hier nu naar. Wil je toch zelf besluiten? Druk dan nog een keer.")

    def __init__(self, by: str | None) -> None:
        said = _l("%(name)s kijkt hier nu naar. Wil je toch zelf besluiten? Druk dan nog een keer.", name=by)
        super().__init__(said if by else None, by=by)


class NothingToContest(RuleBroken):
    code = "moderation.nothing_to_contest"
    message = _l("Er is niets tegen je besloten. Bezwaar maken hoeft niet.")


class AlreadyContested(RuleBroken):
    code = "moderation.already_contested"
    message = _l("Je hebt hier al bezwaar tegen gemaakt.")


class OwnDecision(NotAllowed):
    """Refusal: moderators do not decide appeals against their own decisions."""

    code = "moderation.own_decision"
    message = _l("Jij hebt dit besloten. Over het bezwaar beslist een andere moderator.")


class NotYours(NotAllowed):
    """Refusal: only the author may appeal against hiding."""

    code = "moderation.not_yours"
    message = _l("Alleen wie dit schreef kan hier bezwaar maken.")


class NoteNeeded(RuleBroken):
    code = "moderation.note_needed"
    status = 422
    message = _l("Schrijf waarom. Degene om wie het gaat, leest dit.")
