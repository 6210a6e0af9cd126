"""Commands of one's own profile: what somebody tells about themselves."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.models import Domain, ParticipantRole
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import person_of
from dagvandebuurt.people.rules import rights_changed


@command(needs=PeoplePermission.CHANGE_OWN)
def change_details(
    actor: Actor,
    _self: Any,
    *,
    name: str,
    participant_role: ParticipantRole,
    domain: Domain | None,
    neighbourhood: str | None,
) -> None:
    """Correct profile details. Open pages follow; earlier questions keep the name under which they were
    asked."""
    person = person_of(actor)
    person.name, person.participant_role = name, participant_role
    person.domain, person.neighbourhood = domain, neighbourhood or None
    rights_changed(person.id)


@command(needs=PeoplePermission.CHANGE_OWN)
def say_role(actor: Actor, _self: Any, *, participant_role: ParticipantRole) -> None:
    """Store one's role, or that one rather does not say. Idempotent; earlier questions keep the role under which
    they were asked.

    Open pages follow a change. A first answer comes before there are any; a revision for each would tell in which
    order guests came in, and so hint at who asked what anonymously.
    """
    person = person_of(actor)
    before, person.participant_role = person.participant_role, participant_role
    if participant_role is not before and before is not ParticipantRole.UNDISCLOSED:
        rights_changed(person.id)
