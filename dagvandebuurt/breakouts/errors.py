"""Refusals of breakout rounds."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class TooFewPeople(RuleBroken):
    code = "breakouts.too_few"
    message = _l("Er zijn nog te weinig mensen binnen. Met twee mensen kan het.")


class RoundChanged(RuleBroken):
    """Edit conflict: another person made or ended a round since. `by` is who."""

    code = "breakouts.round_changed"
    message = _l("Er is net al een ronde gemaakt. Kijk nog even.")

    def __init__(self, by: str | None = None) -> None:
        said = _l("%(name)s heeft net al een ronde gemaakt. Kijk nog even.", name=by)
        super().__init__(said if by else None, by=by)


class SessionNotOn(RuleBroken):
    code = "breakouts.not_on"
    message = _l("Tafels kunnen alleen terwijl de sessie bezig is, of vlak ervoor.")


class NoRound(RuleBroken):
    code = "breakouts.no_round"
    message = _l("Er is nu geen ronde aan tafels.")


class NotSeated(RuleBroken):
    code = "breakouts.not_seated"
    message = _l("Je zit niet aan een tafel.")


class WasRemoved(RuleBroken):
    code = "breakouts.removed"
    status = 403
    message = _l("Een moderator haalde je van tafel. In deze ronde kun je niet meer aanschuiven.")


class TableMuted(RuleBroken):
    """Refusal: a moderator muted this person for the room."""

    code = "breakouts.muted"
    status = 403
    message = _l("Een moderator zette je stil in deze zaal. Klopt dat niet? Bel of mail ons.")


class NotAtTable(RuleBroken):
    code = "breakouts.not_at_table"
    message = _l("Deze persoon zit niet meer aan deze tafel.")


class NotHelping(RuleBroken):
    code = "breakouts.not_helping"
    message = _l("Je helpt deze tafel nu niet. Ga er eerst heen als ze hulp vragen.")


class TablesFull(RuleBroken):
    code = "breakouts.full"
    message = _l("Alle tafels zitten vol. Probeer het zo nog eens: er komt vaak een plaats vrij.")


class NotAlone(RuleBroken):
    code = "breakouts.not_alone"
    message = _l("Er zit nog iemand aan je tafel. Wil je toch weg? Sta dan op.")


class NoOtherTable(RuleBroken):
    code = "breakouts.no_other_table"
    message = _l("Er zijn geen andere tafels met mensen. Kom gerust terug naar de zaal.")


class WritingIsOver(RuleBroken):
    code = "breakouts.writing_over"
    message = _l("De ronde is voorbij. Dit kon er niet meer bij. Zeg het in de zaal, of stel het als vraag.")


class NoteFull(RuleBroken):
    code = "breakouts.note_full"
    message = _l("Er staan al 100 regels. Haal eerst een regel van jezelf weg.")


class NoSuchLine(RuleBroken):
    code = "breakouts.no_such_line"
    message = _l("Deze regel staat er niet meer.")


class WordTaken(RuleBroken):
    code = "breakouts.word_taken"
    message = _l("Drie mensen gebruiken dit woord al. Kies met z'n tweeën of drieën een ander woord.")


class NobodyCalls(RuleBroken):
    """Edit conflict: somebody else went, or the table needs nobody any more. `by` is who."""

    code = "breakouts.nobody_calls"
    message = _l("Deze tafel vraagt geen hulp meer.")

    def __init__(self, by: str | None = None) -> None:
        said = _l("%(name)s gaat al naar deze tafel.", name=by)
        super().__init__(said if by else None, by=by)
