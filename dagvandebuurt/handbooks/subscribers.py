"""Subscriptions of the handbooks: who is asked for a role can read about it first."""

from collections.abc import Sequence

from dagvandebuurt.core.urls import path_for
from dagvandebuurt.handbooks.content import OF_ROLES
from dagvandebuurt.people.hooks import handbook_paths
from dagvandebuurt.people.models import Role


def handbook_of(role: Role) -> Sequence[str]:
    return [path_for("handbooks.show", code=OF_ROLES[role])]


handbook_paths.subscribe(handbook_of)
