"""Permissions on action points. What is possible in which status is in `states.py`."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, anyone, holds_role, is_known, predicate, publish
from dagvandebuurt.people.models import Role
from dagvandebuurt.programme.permissions import runs_the_session


class AgendaPermission(Permission):
    READ = "agenda:point:read"
    PROPOSE = "agenda:point:propose"
    RAISE = "agenda:point:raise"
    CURATE = "agenda:point:curate"
    WITHDRAW = "agenda:point:withdraw"
    ANSWER = "agenda:point:answer"
    JUDGE = "agenda:point:judge"
    FOLLOW = "agenda:point:follow"
    READ_FOR_US = "agenda:for-us:read"
    HARVEST = "agenda:session:harvest"


# Separation of duties: staff do not judge in the residents' place.
STAFF = (
    Role.HOST, Role.MODERATOR, Role.EDITOR, Role.PUBLISHER, Role.ORG_CONTACT,
    Role.LEARNING_COORDINATOR, Role.ORGANISER, Role.ADMIN,
)  # fmt: skip


def holds_anywhere(actor: Actor, role: Role) -> bool:
    """Tell whether `actor` has the role globally, or for at least one session or organisation."""
    return any(held == role for held, _scope in getattr(actor, "grants", ()))


@predicate
def may_propose(actor: Actor, _subject: Any) -> bool:
    """Allow people with an account, except those who decide about sending and system administrators."""
    return actor.has_account and not (actor.holds(Role.PUBLISHER) or actor.holds(Role.ADMIN))


@predicate
def answers_for_it(actor: Actor, point: Any) -> bool:
    """Allow a contact of the organisation asked. A contact role without an organisation gives no right."""
    organisation_id = getattr(point, "organisation_id", None)
    if organisation_id is None or actor.holds(Role.ORG_CONTACT):
        return False
    return actor.holds(Role.ORG_CONTACT, organisation_id)


@predicate
def is_contact(actor: Actor, _subject: Any) -> bool:
    return holds_anywhere(actor, Role.ORG_CONTACT)


@predicate
def may_judge(actor: Actor, _subject: Any) -> bool:
    """Allow residents and supporters. Whether the point is theirs to judge is checked by the command."""
    return actor.is_known and not any(holds_anywhere(actor, role) for role in STAFF)


_curates = holds_role(Role.EDITOR) | holds_role(Role.PUBLISHER)
WHO_MAY = {
    AgendaPermission.READ: anyone,
    AgendaPermission.PROPOSE: may_propose,
    AgendaPermission.RAISE: runs_the_session | _curates,  # of a question, in its session
    AgendaPermission.CURATE: _curates,
    AgendaPermission.WITHDRAW: is_known,
    AgendaPermission.ANSWER: answers_for_it,
    AgendaPermission.JUDGE: may_judge,
    AgendaPermission.FOLLOW: is_known,
    AgendaPermission.READ_FOR_US: is_contact,
    AgendaPermission.HARVEST: runs_the_session,
}
publish(WHO_MAY)
