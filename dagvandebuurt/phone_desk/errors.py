"""Refusals of the phone desk."""

from dagvandebuurt.core.errors import NotFound, RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class TooManyLooks(RuleBroken):
    """Too many searches by one helper: nobody reads a list of participants this way."""

    code = "phone_desk.too_many"
    status = 429
    message = _l("Je zocht heel vaak. Wacht een kwartier, of vraag een collega om te zoeken.")


class SearchMore(RuleBroken):
    """The search says too little: too short, or too many people have it."""

    code = "phone_desk.search_more"
    status = 422
    message = _l("Typ minstens drie letters van de naam.")


class CallOver(NotFound):
    """The call is not this helper's, or over. The same answer for both."""

    code = "phone_desk.call_over"
    message = _l("Dit gesprek is voorbij. Zoek de persoon opnieuw als die weer belt.")


class PersonGone(RuleBroken):
    """The person deleted their account while they were helped."""

    code = "phone_desk.person_gone"
    status = 410
    message = _l("Deze persoon is intussen gewist. Er is niets bewaard en er is niets meer te zien.")


class ChangedByAnother(RuleBroken):
    """Somebody else changed the same details meanwhile."""

    code = "phone_desk.changed"
    status = 409
    message = _l(
        "Een ander veranderde deze gegevens net. Kijk wat er nu staat. Klopt jouw tekst, bewaar dan nog eens."
    )


class HasTasks(RuleBroken):
    """Somebody with a role helps themselves: their account opens more than their own data."""

    code = "phone_desk.has_tasks"
    status = 403
    message = _l("Deze persoon heeft een taak op de site. Stuur een link, of vraag een organisator.")


class NoCardForThem(RuleBroken):
    """A card logs its holder in, so there is none for who has an address of their own."""

    code = "phone_desk.no_card"
    message = _l("Deze persoon heeft een e-mailadres. Stuur een link; een kaart kan niet.")


class NoAddress(RuleBroken):
    """There is no address to mail a link to."""

    code = "phone_desk.no_address"
    message = _l("Deze persoon heeft geen e-mailadres. Gebruik de kaart.")
