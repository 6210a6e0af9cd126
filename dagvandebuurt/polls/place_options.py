"""Options of *Waar woon je?*: places from the organiser's own list (*Plaatsen*)."""

from collections.abc import Sequence

from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.polls.models import ELSEWHERE, MOST_PLACES
from dagvandebuurt.programme.models import Place
from dagvandebuurt.programme.places.queries import named_apart, place_choices, places_named


def labels_of_places(typed: Sequence[str]) -> list[str]:
    """Return the options for these names, in the order typed, with `ELSEWHERE` last; without names the whole list
    where it is short.

    Raises InvalidInput for a name that is not on the list, or that several places have; for no place, and for more
    than `MOST_PLACES`.
    """
    names = [name for name in typed if name.casefold() != ELSEWHERE.casefold()]
    places = [_place_named(name) for name in names] if names else list(place_choices().places)
    places = list(dict.fromkeys(places))
    if not places or len(places) > MOST_PLACES:
        raise InvalidInput(
            {
                "options": [
                    _("Noem de plaatsen, elk op een eigen regel: hoogstens %(most)s.", most=MOST_PLACES)
                ]
            }
        )
    return [*(label for _place, label in named_apart(places)), ELSEWHERE]


def _place_named(name: str) -> Place:
    found = places_named(name)
    if not found:
        raise InvalidInput(
            {"options": [_("%(name)s staat niet bij de plaatsen van de organisatie.", name=name)]}
        )
    if len(found) > 1:
        meant = "; ".join(place.full_name for place in found)
        raise InvalidInput(
            {
                "options": [
                    _("Welke %(name)s bedoel je? Schrijf een van deze: %(meant)s.", name=name, meant=meant)
                ]
            }
        )
    return found[0]
