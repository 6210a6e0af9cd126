"""Who has a checklist, who ticks, who tries the technical check, and who reads what came of it."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, anyone, holds_role, predicate, publish
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.permissions import runs_the_session

# The roles that have a list, in the order in which an organiser reads them.
ROLES = (Role.ORGANISER, Role.MODERATOR, Role.HOST, Role.CAPTIONER, Role.SUPPORTER, Role.EDITOR)


class ReadinessPermission(Permission):
    READ_LIST = "readiness:checklist:read"
    TICK = "readiness:checklist:tick"
    ARRANGE = "readiness:checklist:arrange"
    EMERGENCY = "readiness:emergency:read"
    REHEARSE = "readiness:rehearsal:run"
    TRY = "readiness:tech_check:try"
    READ_CHECKS = "readiness:tech_check:read"
    ASK_TO_CHECK = "readiness:tech_check:ask"


def roles_of(actor: Any) -> list[Role]:
    """Return the roles with a list that somebody holds, everywhere or for one session."""
    held = {role for role, _scope in getattr(actor, "grants", ())}
    if Role.ADMIN in held:
        held.add(Role.ORGANISER)
    return [role for role in ROLES if role in held]


@predicate
def has_a_list(actor: Actor, _subject: Any) -> bool:
    return bool(roles_of(actor))


@predicate
def may_tick(actor: Actor, item: Any) -> bool:
    """Return whether this actor ticks this item: who has its role, and an organiser for all that is not
    somebody's own."""
    role = getattr(item, "role", None)
    if role in roles_of(actor):
        return True
    return Role.ORGANISER in roles_of(actor) and not getattr(item, "is_personal", True)


@predicate
def runs_any_session(actor: Actor, _subject: Any) -> bool:
    return bool(getattr(actor, "runs_sessions", False))


_organises = holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)
WHO_MAY = {
    ReadinessPermission.READ_LIST: has_a_list,
    ReadinessPermission.TICK: may_tick,
    ReadinessPermission.ARRANGE: _organises,
    ReadinessPermission.EMERGENCY: _organises | runs_any_session,
    ReadinessPermission.REHEARSE: _organises,
    # A speaker needs no account: anyone with the link of a speaker answers for them.
    ReadinessPermission.TRY: anyone,
    ReadinessPermission.READ_CHECKS: _organises | runs_any_session,
    # Of a session: who runs it.
    ReadinessPermission.ASK_TO_CHECK: _organises | runs_the_session,
}
publish(WHO_MAY)
