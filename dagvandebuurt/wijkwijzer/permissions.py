"""Permissions of the Wijkwijzer. What is possible in which status is in `states.py`."""

from typing import Any

from dagvandebuurt.core.permissions import (
    Actor,
    Permission,
    anyone,
    has_account,
    holds_role,
    is_known,
    predicate,
    publish,
)
from dagvandebuurt.people.models import Role


class WijkwijzerPermission(Permission):
    READ = "wijkwijzer:page:read"
    ASK = "wijkwijzer:question:ask"
    ME_TOO = "wijkwijzer:question:me_too"
    OFFER = "wijkwijzer:offer:send"
    SHARE = "wijkwijzer:initiative:send"
    CONFIRM = "wijkwijzer:offer:confirm"
    JOIN = "wijkwijzer:initiative:join"
    CONTACT = "wijkwijzer:initiative:contact"
    FOLLOW = "wijkwijzer:follow:choose"
    MEET = "wijkwijzer:people:meet"
    COORDINATE = "wijkwijzer:desk:coordinate"


_coordinates = holds_role(Role.LEARNING_COORDINATOR)


@predicate
def stands_for_it(actor: Actor, thing: Any) -> bool:
    """Allow the sender of `thing`, and contacts of its organisation. Without a thing: anybody who could be
    one.
    """
    if not actor.has_account:
        return False
    if thing is None:
        return True
    organisation = getattr(thing, "provider_id", None) or getattr(thing, "led_by_id", None)
    is_theirs = thing.submitted_by_id is not None and thing.submitted_by_id == actor.id
    return is_theirs or (organisation is not None and actor.holds(Role.ORG_CONTACT, organisation))


WHO_MAY = {
    WijkwijzerPermission.READ: anyone,
    WijkwijzerPermission.ASK: is_known,
    WijkwijzerPermission.ME_TOO: is_known,
    WijkwijzerPermission.OFFER: has_account,
    WijkwijzerPermission.SHARE: has_account,
    # The subject is an offer or initiative.
    WijkwijzerPermission.CONFIRM: stands_for_it | _coordinates,
    WijkwijzerPermission.JOIN: has_account,
    WijkwijzerPermission.CONTACT: has_account,
    WijkwijzerPermission.FOLLOW: has_account,
    WijkwijzerPermission.MEET: has_account,
    WijkwijzerPermission.COORDINATE: _coordinates,
}
publish(WHO_MAY)
