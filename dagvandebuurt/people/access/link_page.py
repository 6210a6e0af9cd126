"""What the button page of a mailed link shows besides whose it is: each room signs up its own part."""

from collections.abc import Callable
from typing import Any

from dagvandebuurt.people.models import PersonalLink

Part = Callable[[PersonalLink], dict[str, Any] | None]
_parts: dict[str, Part] = {}


def link_part(template: str) -> Callable[[Part], Part]:
    """Sign up a function `(link) → context`, shown by `template` inside the form; None leaves it out."""

    def register(part: Part) -> Part:
        _parts[template] = part
        return part

    return register


def parts_of(link: PersonalLink) -> list[tuple[str, dict[str, Any]]]:
    """(template, context) of each part. Looking changes nothing."""
    found = [(template, part(link)) for template, part in sorted(_parts.items())]
    return [(template, context) for template, context in found if context is not None]
