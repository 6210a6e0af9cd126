"""Errors that refuse an action in the Wijkwijzer."""

from dagvandebuurt.core.errors import NotAllowed, RuleBroken, TooFast
from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.states import ChangedMeanwhile


class Changed(ChangedMeanwhile):
    """Edit conflict: somebody was first, or the status does not allow it. `status` is the current one."""

    code = "wijkwijzer.changed"
    message = _l("Dit kan nu niet: er is net iets veranderd. Kijk hoe het ervoor staat.")


class NeedsNote(RuleBroken):
    code = "wijkwijzer.needs_note"
    status = 422
    message = _l("Schrijf op waarom. Wie het instuurde, leest dat.")


class CannotGroup(RuleBroken):
    code = "wijkwijzer.cannot_group"
    status = 422
    message = _l("Hiermee kun je deze leervraag niet samenvoegen.")


class NotOnOffer(RuleBroken):
    """Refusal: only a published offer can answer a question or fill a gap."""

    code = "wijkwijzer.not_on_offer"
    status = 422
    message = _l("Kies aanbod dat nu op de site staat.")


class NeedsPlan(RuleBroken):
    code = "wijkwijzer.needs_plan"
    status = 422
    message = _l("Vul in wie het oppakt, de volgende stap en een datum na vandaag.")


class GapClosed(RuleBroken):
    code = "wijkwijzer.gap_closed"
    status = 422
    message = _l("Hiervoor is al iets, of het ligt stil. Kies iets anders.")


class AlreadyLearning(RuleBroken):
    code = "wijkwijzer.already_learning"
    message = _l("Van deze vraag is al een leervraag gemaakt.")


class NoOffersInFile(RuleBroken):
    """Parse error: the message says what is wrong with the file."""

    code = "wijkwijzer.no_offers_in_file"
    status = 422
    message = _l("In de eerste regel missen de kolommen Titel en Organisatie.")


class FileHasMistakes(RuleBroken):
    """Refusal: all or nothing, so nothing is stored while one line has an error."""

    code = "wijkwijzer.file_has_mistakes"
    status = 422
    message = _l("Er staat nog een fout in het bestand. Er is niets opgeslagen.")


class NotYoursToShare(NotAllowed):
    code = "wijkwijzer.not_yours"
    message = _l("Dit kan alleen wie het instuurde.")


class TooManyWaiting(TooFast):
    code = "wijkwijzer.too_many"
    message = _l("Je hebt al vijf dingen ingestuurd die iemand nog moet lezen. Wacht daar even op.")


class NobodyToMeet(RuleBroken):
    code = "wijkwijzer.nobody_to_meet"
    message = _l("Nu is er niemand om voor te stellen. Je kaart blijft staan, we kijken later opnieuw.")


class NeedsCard(RuleBroken):
    code = "wijkwijzer.needs_card"
    message = _l("Maak eerst je contactkaart. Dan stellen we iemand voor.")


class ContactGiven(RuleBroken):
    code = "wijkwijzer.contact_answered"
    message = _l("Hier is al op geantwoord.")
