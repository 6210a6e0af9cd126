"""Rules of accounts: creation, links, logins, passwords, bookmarks."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dagvandebuurt.core import worker_pool
from dagvandebuurt.core.coarse_time import to_the_hour
from dagvandebuurt.core.db import db
from dagvandebuurt.core.permissions import Actor, command
from dagvandebuurt.live.models import LiveRoom
from dagvandebuurt.live.writes import raise_revision
from dagvandebuurt.parts.mail.dead_mailboxes import address_works
from dagvandebuurt.people.errors import AccountStopped, LinkDoesNotWork, WrongPassword
from dagvandebuurt.people.hooks import address_confirmed
from dagvandebuurt.people.models import (
    Bookmark,
    HouseRule,
    HouseRules,
    LinkPurpose,
    LoginSession,
    MutedMail,
    ParticipantRole,
    PendingAction,
    Person,
    PersonalLink,
    Role,
    RoleGrant,
)
from dagvandebuurt.people.notifications import SUBJECTS
from dagvandebuurt.people.permissions import PeoplePermission
from dagvandebuurt.people.queries import (
    RIGHTS,
    bookmark_of,
    email_key,
    newest_house_rules,
    person_by_email,
    person_of,
    stored_house_rules,
)
from dagvandebuurt.people.standard_house_rules import standard_house_rules

LINK_LIVES = {
    LinkPurpose.CONFIRM: timedelta(days=3),
    LinkPurpose.LOGIN: timedelta(hours=1),
    LinkPurpose.PLACE: timedelta(days=1),
}
_hasher = PasswordHasher()
# Verified when there is no account, so that both responses take as long (OWASP: forgot password).
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def new_person(
    *,
    name: str,
    email: str | None,
    now: datetime,
    participant_role: ParticipantRole = ParticipantRole.UNDISCLOSED,
    **details: Any,
) -> Person:
    """Create an account. Without an address: a guest, whose time of arrival is rounded to the hour, because
    the minute would identify an anonymous question."""
    person = Person(
        name=name,
        email=email.strip() if email else None,
        email_key=email_key(email) if email else None,
        participant_role=participant_role,
        created_at=now if email else to_the_hour(now),
        **details,
    )
    db.session.add(person)
    return person


def make_link(
    person: Person,
    purpose: LinkPurpose,
    *,
    now: datetime,
    wishes: UUID | None = None,
    lives: timedelta | None = None,
    guest_id: UUID | None = None,
    link_id: UUID | None = None,
) -> str:
    """Create a personal link; return its token, which is only ever sent by mail. Only its hash is stored."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        PersonalLink(
            id=link_id or uuid4(),
            token_hash=hash_of(token),
            purpose=purpose,
            person_id=person.id,
            wishes=wishes,
            guest_id=guest_id,
            made_at=now,
            expires_at=now + (lives or LINK_LIVES[purpose]),
        )
    )
    return token


def link_by(token: str, *, now: datetime) -> PersonalLink:
    """Return the unused link of a token. Raises LinkDoesNotWork."""
    found = db.session.scalar(
        select(PersonalLink).where(
            PersonalLink.token_hash == hash_of(token),
            PersonalLink.used_at.is_(None),
            PersonalLink.expires_at > now,
        )
    )
    if found is None:
        raise LinkDoesNotWork
    return found


def use_link(token: str, *, now: datetime, takes_over: bool = False) -> PersonalLink:
    """Use a personal link, once: of two concurrent requests one succeeds.

    It confirms the address it was mailed to. `takes_over`: its reader accepted the data of the form that
    came with it. Raises LinkDoesNotWork.
    """
    used = db.session.scalar(
        update(PersonalLink)
        .where(
            PersonalLink.token_hash == hash_of(token),
            PersonalLink.used_at.is_(None),
            PersonalLink.expires_at > now,
        )
        .values(used_at=now)
        .returning(PersonalLink.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise LinkDoesNotWork
    link = db.session.get_one(PersonalLink, used)
    address_confirmed(link, takes_over, now)
    address_works(link.person.email or "")
    if link.person.email is not None and link.person.email_confirmed_at is None:
        link.person.email_confirmed_at = now
    return link


def begin_login(
    person: Person, *, now: datetime, is_proven: bool = False, device: str = "", is_shared: bool = False
) -> LoginSession:
    """Log `person` in, in one more browser. `is_proven`: a second factor was given. Raises AccountStopped."""
    if person.suspended_at is not None:
        raise AccountStopped
    person.warned_at = person.lets_go_at = None  # cancels whatever was said about leaving
    login = LoginSession(
        person_id=person.id,
        began_at=to_the_hour(now),
        seen_at=to_the_hour(now),
        proven_at=now if is_proven else None,
        device=device,
        is_shared=is_shared,
    )
    db.session.add(login)
    return login


def end_login(login_id: UUID, *, now: datetime) -> None:
    """Log one browser out: its cookie is invalid from here on, and its sockets are closed."""
    person_id = db.session.scalar(
        update(LoginSession)
        .where(LoginSession.id == login_id, LoginSession.ended_at.is_(None))
        .values(ended_at=now)
        .returning(LoginSession.person_id)
        .execution_options(synchronize_session=False)
    )
    if person_id is not None:
        rights_changed(person_id)


def rights_changed(person_id: UUID) -> None:
    """Let every process reload the permissions of `person_id`. Part of whatever changes them."""
    revision = raise_revision(RIGHTS)
    if revision is None:
        db.session.add(LiveRoom(id=RIGHTS))
        db.session.flush()
        revision = raise_revision(RIGHTS)
    db.session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(rights_revision=revision)
        .execution_options(synchronize_session=False)
    )


def follow_house_rules(rules: HouseRules, *, seen: int, now: datetime) -> bool:
    """Store `rules` as the version after `seen`; False when that is no longer the newest.

    The standard rules become a version too: what held before can be read again.
    """
    before = newest_house_rules()
    if before.version != seen:
        return False
    if stored_house_rules() is None:
        before.effective_from = now
        _store_house_rules(before)
    rules.version = seen + 1
    return _store_house_rules(rules)


def _store_house_rules(rules: HouseRules) -> bool:
    """Store this version with its rules; False when another one took its number first."""
    row = {column.key: getattr(rules, column.key) for column in HouseRules.__table__.columns}
    insert = _INSERT[db.engine.dialect.name](HouseRules)
    made = db.session.scalar(
        insert.values(row).on_conflict_do_nothing(index_elements=["version"]).returning(HouseRules.id)
    )
    if made is None:
        return False
    db.session.add_all(
        HouseRule(
            house_rules_id=made, position=rule.position, code=rule.code,
            title=rule.title, title_en=rule.title_en, body=rule.body, body_en=rule.body_en,
        )
        for rule in rules.rules
    )  # fmt: skip
    db.session.flush()
    return True


def agreed_house_rules(now: datetime) -> int:
    """Return the version in force, to which somebody agrees now.

    The standard rules are stored at the first agreement: what people agreed to stays as it was, also when a
    later release words them differently.
    """
    stored = stored_house_rules(now)
    if stored is None:
        standard = standard_house_rules()
        standard.effective_from = now
        _store_house_rules(standard)
        return standard.version
    return stored.version


def give_role(person: Person, role: Role, *, scope_id: UUID | None = None, now: datetime) -> None:
    """Give `person` a role, everywhere or for one session or organisation. Idempotent."""
    if not any(grant.role is role and grant.scope_id == scope_id for grant in person.grants):
        person.grants.append(RoleGrant(role=role, scope_id=scope_id, granted_at=now))
        rights_changed(person.id)


def take_role(person: Person, role: Role, *, scope_id: UUID | None = None) -> None:
    """Revoke a role, also on open pages."""
    for grant in [each for each in person.grants if each.role is role and each.scope_id == scope_id]:
        person.grants.remove(grant)
        rights_changed(person.id)


def person_by_password(email: str, password: str) -> Person:
    """Return the person with these credentials.

    Raises WrongPassword, equally slowly, for all others (timing side channel); Busy when too many try. Not
    inside a transaction: Argon2 takes a tenth of a second on a thread of its own.
    """
    person = person_by_email(email)
    stored = person.password_hash if person is not None and person.has_account else None
    try:
        worker_pool.PASSWORDS.do(_hasher.verify, stored or _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        raise WrongPassword from None
    if person is None or stored is None or person.password_hash != stored:
        raise WrongPassword
    return person


def hash_password(password: str) -> str:
    """Hash with Argon2id and the library's current parameters. Raises Busy; not inside a transaction."""
    return worker_pool.PASSWORDS.do(_hasher.hash, password)


def has_this_password(person_id: UUID, password: str) -> bool:
    """Return whether this is somebody's current password."""
    stored = db.session.get_one(Person, person_id).password_hash
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@command(needs=PeoplePermission.READ_OWN)
def end_one_login(actor: Actor, login_id: UUID, *, now: datetime) -> None:
    """Log one of one's own browsers out. Without effect on another person's."""
    if db.session.scalar(
        select(LoginSession.id).where(LoginSession.id == login_id, LoginSession.person_id == actor.id)
    ):
        end_login(login_id, now=now)


@command(needs=PeoplePermission.READ_OWN)
def end_other_logins(actor: Actor, _self: Any, *, now: datetime) -> None:
    """Log out every browser but this one."""
    here = actor.login_id  # type: ignore[attr-defined]
    for login_id in db.session.scalars(
        select(LoginSession.id).where(
            LoginSession.person_id == actor.id, LoginSession.id != here, LoginSession.ended_at.is_(None)
        )
    ).all():
        end_login(login_id, now=now)


@command(needs=PeoplePermission.CHANGE_OWN)
def set_password(actor: Actor, _self: Any, *, hashed: str, now: datetime) -> None:
    """Store a new password, made by `hash_password`.

    Every other browser is logged out: somebody else may be logged in there.
    """
    person_of(actor).password_hash = hashed
    end_other_logins(actor, None, now=now)


@command(needs=PeoplePermission.SAVE)
def save(actor: Actor, target_id: UUID, *, kind: str, now: datetime) -> Bookmark:
    """Bookmark something. Idempotent."""
    earlier = bookmark_of(actor, target_id)
    if earlier is not None:
        return earlier
    bookmark = Bookmark(person_id=actor.id, kind=kind, target_id=target_id, saved_at=now)
    db.session.add(bookmark)
    return bookmark


@command(needs=PeoplePermission.SAVE)
def unsave(actor: Actor, target_id: UUID) -> None:
    """Delete a bookmark with its note. Idempotent."""
    earlier = bookmark_of(actor, target_id)
    if earlier is not None:
        db.session.delete(earlier)


@command(needs=PeoplePermission.SAVE)
def note(actor: Actor, target_id: UUID, *, text: str) -> None:
    """Save a private note beside a bookmark."""
    earlier = bookmark_of(actor, target_id)
    if earlier is not None:
        earlier.note = text or None


def add_pending_action(
    bundle: UUID, kind: str, target_id: UUID, *, text: str | None, back_to: str, now: datetime
) -> PendingAction:
    """Store a pending action of an anonymous visitor, beside earlier ones, until they log in."""
    wish = PendingAction(
        bundle=bundle, kind=kind, target_id=target_id, text=text, back_to=back_to, made_at=now
    )
    db.session.add(wish)
    return wish


def hash_of(token: str) -> str:
    """Return what is stored of a token that is only ever sent by mail."""
    return hashlib.sha256(token.encode()).hexdigest()


@command(needs=PeoplePermission.CHANGE_OWN)
def choose_mail(actor: Actor, _self: Any, *, wanted: set[str]) -> None:
    """Set which kinds of mail they want."""
    assert actor.id is not None
    db.session.execute(delete(MutedMail).where(MutedMail.person_id == actor.id))
    db.session.add_all(MutedMail(person_id=actor.id, subject=code) for code in SUBJECTS if code not in wanted)
