"""Permissions of mailings."""

from typing import Any

from dagvandebuurt.core.permissions import Actor, Permission, holds_role, predicate, publish
from dagvandebuurt.people.models import Role


class MailingPermission(Permission):
    WRITE = "mailings:mailing:write"
    APPROVE = "mailings:mailing:approve"
    SET_RULES = "mailings:rules:set"


ORGANISES = holds_role(Role.ORGANISER) | holds_role(Role.ADMIN)


@predicate
def is_a_second_pair_of_eyes(actor: Actor, mailing: Any) -> bool:
    """Neither wrote it last nor asked to send it. Without a mailing: whether they could be for any."""
    return mailing is None or actor.id not in (mailing.written_by_id, mailing.sent_by_id)


WHO_MAY = {
    MailingPermission.WRITE: ORGANISES,
    MailingPermission.APPROVE: ORGANISES & is_a_second_pair_of_eyes,
    # A number that the writer raises would be no second pair of eyes.
    MailingPermission.SET_RULES: holds_role(Role.ADMIN),
}
publish(WHO_MAY)
