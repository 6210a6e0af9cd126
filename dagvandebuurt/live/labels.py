"""Words for the live scripts of every page: the state of the connection and of what waits to be sent."""

from dagvandebuurt.core.i18n import lazy as _l

SCRIPT_WORDS = {
    "outbox.waiting": _l("Wacht op verbinding. We sturen het vanzelf."),
    "outbox.out": _l(
        "Je bent uitgelogd. Dit is niet verstuurd. Log weer in, dan vragen we of je het nog wilt sturen."
    ),
    "outbox.sending": _l("Wordt verstuurd…"),
    "outbox.refused": _l("Niet gelukt:"),
    "connection.away": _l("Even geen verbinding. Je kunt gewoon doortypen."),
    "connection.back": _l("Je bent weer verbonden."),
    "connection.slow": _l("Je leest mee via een omweg. Nieuwe vragen komen iets later."),
    "connection.out": _l("Je bent uitgelogd. Vernieuw de pagina om weer mee te doen."),
}


def for_the_script() -> dict[str, str]:
    """Translate the words into the reader's language, by dotted name."""
    return {name: str(word) for name, word in SCRIPT_WORDS.items()}
