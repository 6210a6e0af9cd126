"""Refusals of SMS."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class NoMobileNumber(RuleBroken):
    code = "sms.no_mobile_number"
    status = 422
    message = _l("Dit is geen mobiel nummer. Zo'n nummer begint met 06 en heeft tien cijfers.")


class NumberNotDutch(RuleBroken):
    code = "sms.not_dutch"
    status = 422
    message = _l("We kunnen alleen sms'en naar een Nederlands mobiel nummer.")


class NumberCosts(RuleBroken):
    code = "sms.premium"
    status = 422
    message = _l("Dit is een betaald nummer. Daar sturen we geen sms heen.")


class NumberStopped(RuleBroken):
    code = "sms.stopped"
    message = _l(
        "Vanaf dit nummer kregen we STOP. Wil je toch sms? Sms dan eerst START naar hetzelfde nummer."
    )


class TooManyCodes(RuleBroken):
    code = "sms.too_many_codes"
    status = 429
    message = _l("Dit nummer kreeg vandaag al drie codes. Probeer het morgen weer.")


class MostOfTheDay(RuleBroken):
    code = "sms.most_of_the_day"
    message = _l(
        "Vandaag kunnen we geen sms meer sturen: het hoogste aantal van deze dag is bereikt. Probeer het morgen weer."
    )


class CodeNotRight(RuleBroken):
    code = "sms.code_wrong"
    status = 422
    message = _l("Deze code klopt niet. Kijk nog eens in je sms.")


class CodeOver(RuleBroken):
    code = "sms.code_over"
    status = 422
    message = _l("Deze code werkt niet meer. Vraag een nieuwe.")
