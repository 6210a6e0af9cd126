"""Dutch words for why somebody rings and what was done."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.phone_desk.models import LookDeed, LookReason

REASONS = {
    LookReason.REGISTER: _l("Wil zich aanmelden of afmelden"),
    LookReason.LOGIN: _l("Kan niet binnenkomen"),
    LookReason.SESSIONS: _l("Wil sessies kiezen"),
    LookReason.QUESTION: _l("Heeft een vraag, of wacht op een antwoord"),
    LookReason.DETAILS: _l("Wil gegevens veranderen"),
    LookReason.OTHER: _l("Iets anders"),
}
DEEDS = {
    LookDeed.SEARCHED: _l("zocht"),
    LookDeed.OPENED: _l("opende je gegevens"),
    LookDeed.REGISTERED: _l("meldde je aan"),
    LookDeed.CHANGED: _l("veranderde je gegevens"),
    LookDeed.LINK: _l("stuurde je een link"),
    LookDeed.CARD: _l("maakte een kaart"),
    LookDeed.SESSIONS: _l("koos sessies met je"),
    LookDeed.ASKED: _l("stelde een vraag voor je"),
}
