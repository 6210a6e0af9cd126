"""Menu of every page: endpoints with what they are called."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.parts.branding.words import own_words

# The menu, in the order in which a visitor needs it. Sections that are not loaded are left out.
MENU = own_words(
    "menu",
    {
        "programme.index": _l("Programma"),
        "lessons.index": _l("Lessen"),
        "agenda.index": _l("Vragen en antwoorden"),
        "wijkwijzer.index": _l("Wijkwijzer"),
    },
)
