"""Authentication errors."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class LinkDoesNotWork(RuleBroken):
    """Invalid link (used, expired, cut off or never issued): the response is the same for all."""

    code = "people.link_does_not_work"
    status = 410
    message = _l("Deze link werkt niet meer.")


class WrongPassword(RuleBroken):
    """Wrong credentials: the same for an unknown address, one without a password, and a wrong password."""

    code = "people.wrong_password"
    status = 422
    message = _l("Dit e-mailadres en wachtwoord horen niet bij elkaar.")


TOO_MANY_GUESSES = _l(
    "Vanaf deze plek is te vaak een verkeerd wachtwoord getypt. Wacht even. Met een link in je mail kom je "
    "altijd meteen binnen."
)
PROVE_FIRST = _l(
    "Vul hier je oude wachtwoord in, of een code van je telefoon of papier. Heb je die niet? Log uit en log "
    "opnieuw in met een link in je mail. Dan kun je een kwartier lang een wachtwoord kiezen."
)
TOO_MANY_CODES = _l(
    "Vanaf deze plek is te vaak een verkeerde code getypt. Wacht even, of gebruik een code van je papier."
)


class InvitationOver(LinkDoesNotWork):
    """Invalid invitation (used, withdrawn, expired or never issued): the response is the same for all."""

    code = "people.invitation_over"
    message = _l("Deze uitnodiging werkt niet meer.")


class CodeWrong(RuleBroken):
    """Invalid second-factor code: mistyped, expired or used before."""

    code = "people.code_wrong"
    status = 422
    message = _l("Deze code klopt niet. Wacht op de volgende en probeer het opnieuw.")


class AccountStopped(RuleBroken):
    code = "people.account_stopped"
    status = 403
    message = _l("Je account staat stil. Bel of mail de organisatie als je wilt weten waarom.")


class LastAdmin(RuleBroken):
    code = "people.last_admin"
    message = _l("Er moet minstens één beheerder blijven.")


class NothingToGiveBack(RuleBroken):
    code = "people.nothing_to_give_back"
    message = _l("Deze rol kun je niet meer met één druk teruggeven. Vraag deze persoon opnieuw.")


class NobodyThere(RuleBroken):
    code = "people.nobody_there"
    status = 422
    message = _l("Er is geen account met dit e-mailadres.")


class SiteEnded(RuleBroken):
    """Refusal of everything that is sent in after the end."""

    code = "people.site_ended"
    status = 410
    message = _l("Deze site is gestopt. Je kunt alles nog lezen, maar niets meer insturen.")


class RuleGone(RuleBroken):
    """Refusal: the house rule that was chosen as a reason no longer holds."""

    code = "people.rule_gone"
    message = _l("Deze spelregel geldt niet meer. Ververs de pagina en kies een andere reden.")
