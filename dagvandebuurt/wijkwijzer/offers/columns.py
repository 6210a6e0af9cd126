"""Columns of the table of offers, shared by export and import."""

from collections.abc import Mapping
from typing import Any

from dagvandebuurt.core.i18n import speaking
from dagvandebuurt.core.text import folded, one_line
from dagvandebuurt.people.labels import DOMAINS, PARTICIPANT_ROLES
from dagvandebuurt.people.models import Domain
from dagvandebuurt.programme.exchange.grid import heading_forms
from dagvandebuurt.wijkwijzer.forms import AUDIENCE
from dagvandebuurt.wijkwijzer.labels import FORMS, MODES

HEADINGS = {
    "number": "Nummer",
    "title": "Titel",
    "summary": "Wat je leert",
    "provider_name": "Organisatie",
    "form": "Soort",
    "mode": "Waar",
    "audience": "Voor wie",
    "domains": "Werkvelden",
    "themes": "Thema's",
    "place": "Plaats",
    "cost": "Kosten",
    "duration": "Duur",
    "language_level": "Taal",
    "url": "Webadres",
    "contact": "Contact",
}
NAMES = {form: name for name, heading in HEADINGS.items() for form in heading_forms(heading)}
SHARED = [name for name in HEADINGS if name != "contact"]  # the export has no contact details
SEVERAL = frozenset({"audience", "domains", "themes"})


def words_of(kind: str) -> dict[str, str]:
    """Map values to their Dutch labels in a table."""
    told: dict[str, Mapping[Any, Any]] = {
        "form": FORMS,
        "mode": MODES,
        "audience": {each: PARTICIPANT_ROLES[each] for each in AUDIENCE},
        "domains": {each: DOMAINS[each] for each in Domain},
    }
    with speaking("nl"):
        return {each.value: str(word) for each, word in told[kind].items()}


def backwards(words: Mapping[str, str]) -> dict[str, str]:
    """Map labels, and the values themselves, to the values."""
    return {folded(one_line(each)): value for value, word in words.items() for each in (value, word)}
