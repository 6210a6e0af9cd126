"""Roles: giving and revoking them, by invitation; suspending accounts. All of it is audited."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.people.access.second_factor import delete_phone
from dagvandebuurt.people.errors import InvitationOver, LastAdmin, NobodyThere, NothingToGiveBack
from dagvandebuurt.people.models import (
    AccessChange,
    Invitation,
    LoginSession,
    Person,
    Role,
    RoleGrant,
)
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import person_by_email
from dagvandebuurt.people.rules import end_login, give_role, hash_of, new_person, take_role

INVITATION_LIVES = timedelta(days=14)
GIVE_BACK_WITHIN = timedelta(hours=1)  # after that an invitation asks the person too


@command(needs=PeoplePermission.GIVE_ROLE)
def invite(
    actor: Actor, role: Role, *, email: str, scope_id: UUID | None, now: datetime
) -> tuple[Invitation, str]:
    """Invite the owner of this address to a role; return the invitation and the token of its link, which is
    only ever sent by mail."""
    return _invite(actor.id, role, email=email, scope_id=scope_id, now=now)


def invite_from_terminal(role: Role, *, email: str, now: datetime) -> tuple[Invitation, str]:
    """Invite somebody as the operator of the machine, who needs no permission: also in an empty database."""
    return _invite(None, role, email=email, scope_id=None, now=now)


def make_first_administrator(*, name: str, email: str, now: datetime) -> Person:
    """Make the first administrator, for the person who proved to be the operator of the machine."""
    person = person_by_email(email)
    if person is None:
        person = new_person(name=name, email=email, now=now)
        db.session.flush()
    elif not person.has_account:
        person.name = name
    person.email_confirmed_at = person.email_confirmed_at or now
    give_role(person, Role.ADMIN, now=now)
    _note(person.id, None, f"+{Role.ADMIN.value}", None, now)
    return person


def _invite(
    invited_by_id: UUID | None, role: Role, *, email: str, scope_id: UUID | None, now: datetime
) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        token_hash=hash_of(token), email=email.strip(), role=role, scope_id=scope_id,
        invited_by_id=invited_by_id, made_at=now, expires_at=now + INVITATION_LIVES,
    )  # fmt: skip
    db.session.add(invitation)
    return invitation, token


@command(needs=PeoplePermission.GIVE_ROLE)
def withdraw_invitation(_actor: Actor, _role: Role, *, invitation: Invitation, now: datetime) -> None:
    """Withdraw an invitation. Only people who may give that role can."""
    invitation.withdrawn_at = invitation.withdrawn_at or now


def invitation_by(token: str, *, now: datetime) -> Invitation:
    """Return the invitation of a token. Raises InvitationOver."""
    found = db.session.scalar(
        select(Invitation).where(
            Invitation.token_hash == hash_of(token),
            Invitation.used_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        )
    )
    if found is None:
        raise InvitationOver
    return found


def accept(token: str, *, name: str | None, now: datetime) -> Person:
    """Accept the role, once.

    Reading the mail proves the address, so it is confirmed; without an account `name` makes one. Raises
    InvitationOver.
    """
    invitation = invitation_by(token, now=now)
    used = db.session.scalar(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
        .values(used_at=now)
        .returning(Invitation.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise InvitationOver
    person = person_by_email(invitation.email)
    if person is None:
        person = new_person(name=name or invitation.email.split("@")[0], email=invitation.email, now=now)
        db.session.flush()
    elif not person.has_account:
        person.name = name or person.name  # an earlier user of this address may have been somebody else
    person.email_confirmed_at = person.email_confirmed_at or now
    give_role(person, invitation.role, scope_id=invitation.scope_id, now=now)
    _note(person.id, invitation.invited_by_id, f"+{invitation.role.value}", invitation.scope_id, now)
    return person


@command(needs=PeoplePermission.GIVE_ROLE)
def revoke_role(actor: Actor, role: Role, *, grant: RoleGrant, now: datetime) -> AccessChange:
    """Revoke this role, on open pages too. Return the line of the log. Raises LastAdmin."""
    if role is Role.ADMIN:
        admins = db.session.scalar(select(func.count()).where(RoleGrant.role == Role.ADMIN))
        if (admins or 0) <= 1:
            raise LastAdmin
    person, scope_id = grant.person, grant.scope_id
    take_role(person, role, scope_id=scope_id)
    return _note(person.id, actor.id, f"-{role.value}", scope_id, now)


def revoked_role(change: AccessChange) -> Role | None:
    """Return the role that this line of the log says was revoked."""
    word = change.what.removeprefix("-")
    return Role(word) if change.what.startswith("-") and word in set(Role) else None


def can_give_back(by_id: UUID | None, change: AccessChange, *, now: datetime) -> bool:
    """Tell whether `by_id` revoked a role a moment ago, from somebody who is still there and did not get it again."""
    role = revoked_role(change)
    if role is None or change.person_id is None or change.by_id != by_id:
        return False
    return now - change.at < GIVE_BACK_WITHIN and not _holds(change.person_id, role, change.scope_id)


def _holds(person_id: UUID, role: Role, scope_id: UUID | None) -> bool:
    same_scope = RoleGrant.scope_id.is_(None) if scope_id is None else RoleGrant.scope_id == scope_id
    held = select(RoleGrant.id).where(RoleGrant.person_id == person_id, RoleGrant.role == role, same_scope)
    return db.session.scalar(held) is not None


@command(needs=PeoplePermission.GIVE_ROLE)
def give_back(actor: Actor, role: Role, *, change: AccessChange, now: datetime) -> Person:
    """Undo that `actor` revoked this role, for an hour. Raises NothingToGiveBack."""
    if role is not revoked_role(change) or not can_give_back(actor.id, change, now=now):
        raise NothingToGiveBack
    person = db.session.get_one(Person, change.person_id, with_for_update=True)
    give_role(person, role, scope_id=change.scope_id, now=now)
    _note(person.id, actor.id, f"+{role.value}", change.scope_id, now)
    return person


@command(needs=PeoplePermission.STEP_IN)
def step_in(actor: Actor, scope_id: UUID, *, now: datetime) -> bool:
    """Make the actor moderator of one session at once, without a mail: who should have been there is ill.

    Return False where they were already.
    """
    assert actor.id is not None
    person = db.session.get_one(Person, actor.id, with_for_update=True)
    if any(grant.role is Role.MODERATOR and grant.scope_id in (None, scope_id) for grant in person.grants):
        return False
    give_role(person, Role.MODERATOR, scope_id=scope_id, now=now)
    _note(person.id, person.id, f"+{Role.MODERATOR.value}", scope_id, now)
    return True


@command(needs=PeoplePermission.SUSPEND)
def suspend(actor: Actor, email: str, *, reason: str, now: datetime) -> Person:
    """Suspend an account: every browser and open page of it at once, and no login. Raises NobodyThere."""
    person = person_by_email(email)
    if person is None:
        raise NobodyThere
    person.suspended_at, person.suspended_reason = now, reason
    end_all_logins(person.id, now=now)
    _note(person.id, actor.id, "suspended", None, now)
    return person


def suspend_guest(actor: Actor, person_id: UUID, *, reason: str, now: datetime) -> bool:
    """Suspend a guest, by a moderator of the room they are in, whose permission was checked there.

    Return False for people with an account.
    """
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None or person.has_account:
        return False
    person.suspended_at, person.suspended_reason = now, reason
    end_all_logins(person.id, now=now)
    _note(person.id, actor.id, "suspended", None, now)
    return True


@command(needs=PeoplePermission.SUSPEND)
def reinstate(actor: Actor, person: Person, *, now: datetime) -> None:
    """Lift a suspension."""
    person.suspended_at = person.suspended_reason = None
    _note(person.id, actor.id, "reinstated", None, now)


@command(needs=PeoplePermission.SUSPEND)
def reset_phone(actor: Actor, email: str, *, now: datetime) -> Person:
    """Reset the second factor of somebody who lost both phone and recovery codes; the organisation
    recognises them by voice. Raises NobodyThere."""
    return _reset_phone(actor.id, email, now=now)


def reset_phone_from_terminal(email: str, *, now: datetime) -> Person:
    """Forget the second factor of somebody as the operator of the machine. Raises NobodyThere."""
    return _reset_phone(None, email, now=now)


def _reset_phone(by_id: UUID | None, email: str, *, now: datetime) -> Person:
    person = person_by_email(email)
    if person is None:
        raise NobodyThere
    delete_phone(person.id)
    end_all_logins(person.id, now=now)
    _note(person.id, by_id, "second factor reset", None, now)
    return person


def end_all_logins(person_id: UUID, *, now: datetime) -> None:
    """Log them out of every browser."""
    for login_id in db.session.scalars(
        select(LoginSession.id).where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
    ).all():
        end_login(login_id, now=now)


def _note(
    person_id: UUID, by_id: UUID | None, what: str, scope_id: UUID | None, now: datetime
) -> AccessChange:
    change = AccessChange(person_id=person_id, by_id=by_id, what=what, scope_id=scope_id, at=now)
    db.session.add(change)
    return change
