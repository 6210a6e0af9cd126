"""Labels of mail: its kinds, and why it did not go. Dutch here, English in the catalogue."""

from typing import Any

from dagvandebuurt.core.i18n import lazy as _l

_UNREACHABLE = _l("De mailserver is niet te bereiken, of verbreekt de verbinding.")
_CERTIFICATE = _l(
    "Het certificaat van de mailserver klopt niet. Vraag wie de site beheert om ernaar te kijken."
)
# By the first word of `Mail.last_error`.
REASONS = {
    "Busy": _l("De mailserver neemt nu even geen mail aan. Dat ligt niet aan deze adressen."),
    "Deferred": _l("De mailbox van de ontvanger neemt nu niets aan. Vaak is hij vol, of wil zijn server dat we het later nog eens proberen."),
    "RefusedForEver": _l("De ontvanger neemt deze mail niet aan."),
    "Bounced": _l("Eerdere mail aan dit adres kwam terug: het bestaat niet. Daarom gaan er geen herinneringen meer heen."),
    "NoAddress": _l("Dit is geen geldig e-mailadres."),
    "LinkGone": _l("De link in deze mail werkt niet meer. Op de site kan deze persoon een nieuwe vragen."),
    "NoEncryption": _l("De mailserver biedt geen versleuteling aan. Daarom sturen we ons wachtwoord niet. Vraag wie de site beheert om SMTP_URL na te kijken."),
    "SMTPAuthenticationError": _l("De mailserver weigert onze naam of ons wachtwoord. Vraag wie de site beheert om SMTP_URL na te kijken."),
    "SMTPSenderRefused": _l("De mailserver neemt ons afzenderadres niet aan. Vraag wie de site beheert om MAIL_FROM na te kijken."),
    "SSLCertVerificationError": _CERTIFICATE,
    "SSLError": _CERTIFICATE,
    **dict.fromkeys(
        ("ConnectionRefusedError", "ConnectionResetError", "BrokenPipeError", "TimeoutError", "gaierror", "OSError",
         "SMTPServerDisconnected", "SMTPConnectError", "SMTPRecipientsRefused", "SMTPDataError", "SMTPHeloError"),
        _UNREACHABLE,
    ),
}  # fmt: skip
_UNKNOWN = _l("Het lukte nog niet. In het logboek van de site staat waarom.")
KINDS = {
    "login": _l("Link om in te loggen"),
    "confirm": _l("Link om je adres te bevestigen"),
    "invited": _l("Vraag om een taak"),
    "decision": _l("Besluit over een tekst"),
    "offered": _l("Er is een plek vrij"),
    "lapsed": _l("Een plek die verviel"),
    "suspended": _l("Account stilgezet"),
    "trial": _l("Testmail"),
    "tech_check": _l("Link van de technische proef"),
    "answered": _l("Antwoord op een vraag"),
    "notice": _l("Nieuws over een vraag"),
    "mailing": _l("Bericht van de organisatie"),
    "mailing_trial": _l("Proef van een bericht"),
}
_NOTE = _l("Bericht")


def why(error: str | None) -> Any:
    """Return in plain words why a mail did not go."""
    return REASONS.get((error or "").split(" ")[0], _UNKNOWN)


def kind_of(kind: str) -> Any:
    """Return what a mail is about, in a few words."""
    return KINDS.get(kind, _NOTE)


# By the class of a status (RFC 3463), the longest that fits first.
BOUNCES = {
    "1": _l("Dit adres bestaat niet."),
    "2.1": _l("Deze mailbox is gesloten."),
    "2.2": _l("Deze mailbox is vol."),
    "2": _l("Deze mailbox neemt geen mail aan."),
    "3.4": _l("De mail is te groot voor deze mailbox."),
    "4": _l("De mailserver van dit adres was niet te bereiken."),
    "7": _l("De mailserver van dit adres vertrouwt onze mail niet. Vraag wie de site beheert om `dagvandebuurt check` te draaien."),
}  # fmt: skip
_CAME_BACK = _l("De mail kwam terug.")


def why_back(status: str | None) -> Any:
    """Return in plain words why a mail came back."""
    detail = (status or "").partition(".")[2]
    return BOUNCES.get(detail) or BOUNCES.get(detail.partition(".")[0]) or _CAME_BACK
