"""Who may do what with agendapunten. What is possible in which state: `states.py`."""

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


# Whose work it is does not judge it for the residents.
STAFF = (
    Role.HOST, Role.MODERATOR, Role.EDITOR, Role.PUBLISHER, Role.ORG_CONTACT,
    Role.LEARNING_COORDINATOR, Role.ORGANISER, Role.ADMIN,
)  # fmt: skip


def holds_anywhere(actor: Actor, role: Role) -> bool:
    """Everywhere, or for at least one session or organisation."""
    return any(held == role for held, _scope in getattr(actor, "grants", ()))


@predicate
def may_propose(actor: Actor, _subject: Any) -> bool:
    """Whoever has an account; not who decides about sending, and not who runs the machine."""
    return actor.has_account and not (actor.holds(Role.PUBLISHER) or actor.holds(Role.ADMIN))


@predicate
def answers_for_it(actor: Actor, point: Any) -> bool:
    """A contact of the one organisation that is asked. Being a contact of none in particular is no right."""
    organisation_id = getattr(point, "organisation_id", None)
    if organisation_id is None or actor.holds(Role.ORG_CONTACT):
        return False
    return actor.holds(Role.ORG_CONTACT, organisation_id)


@predicate
def is_contact(actor: Actor, _subject: Any) -> bool:
    return holds_anywhere(actor, Role.ORG_CONTACT)


@predicate
def may_judge(actor: Actor, _subject: Any) -> bool:
    """Residents and supporters. That it is theirs to judge is asked by the rule."""
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
