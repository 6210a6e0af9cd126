"""Registry of extra parts on the confirmation page of a mailed link, contributed by sections."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any

from dagvandebuurt.people.hooks import link_page_parts
from dagvandebuurt.people.models import PersonalLink


def parts_of(link: PersonalLink) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (template, context) of each part. Changes nothing."""
    parts = sorted((part for there in link_page_parts() for part in there), key=attrgetter("template"))
    found = [(part.template, part.context(link)) for part in parts]
    return [(template, context) for template, context in found if context is not None]
