"""Personal page `/mijn`: a registry of panels contributed by sections."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from dagvandebuurt.people.hooks import personal_page_sections


def sections_for(actor: Any) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (template, context) of each panel, in order."""
    sections = [section for there in personal_page_sections() for section in there]
    found = [(each.template, each.context(actor)) for each in sorted(sections, key=attrgetter("order"))]
    return [(template, context) for template, context in found if context is not None]
