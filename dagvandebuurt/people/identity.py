"""Identities: the actor as a small immutable value, for a page, a socket and a job alike.

A socket lives for hours; it keeps this, never a database row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dagvandebuurt.people.models import Domain, ParticipantRole, Person, Role


@dataclass(frozen=True)
class Identity:
    """Authenticated person: Flask-Login's `current_user`, and the actor of every rule.

    `grants` holds (role, None) for a role everywhere and (role, id) for one session or organisation.
    """

    id: UUID
    login_id: UUID | None
    name: str
    has_account: bool
    participant_role: ParticipantRole = ParticipantRole.UNDISCLOSED
    domain: Domain | None = None
    neighbourhood: str | None = None
    language: str = "nl"
    grants: frozenset[tuple[str, UUID | None]] = frozenset()
    awaits_proof: bool = False  # has roles, which need a second factor in this browser
    # The browser in which they read along before they gave a name: they are not counted as that reader too.
    reader: UUID | None = field(default=None, compare=False)

    is_known = True
    is_authenticated = True
    is_active = True
    is_anonymous = False

    @classmethod
    def of(
        cls,
        person: Person | Any,
        login_id: UUID | None = None,
        *,
        is_proven: bool = True,
        grants: Iterable[tuple[str, UUID | None]] | None = None,
    ) -> "Identity":
        """Build the identity of a login.

        `is_proven`: a second factor was given in this browser. Without one the roles are not active there: a
        thief of a mailbox or a password is a participant, and no moderator. `grants`, where they were read
        already: (role, scope) of each; then `person` may be any row with its columns.
        """
        held = [(each.role.value, each.scope_id) for each in person.grants] if grants is None else [*grants]
        return cls(
            id=person.id,
            login_id=login_id,
            name=person.name,
            has_account=person.has_account,
            participant_role=person.participant_role,
            domain=person.domain,
            neighbourhood=person.neighbourhood,
            language=person.language,
            grants=frozenset((role, scope) for role, scope in held if is_proven or role == Role.SUPPORTER),
            awaits_proof=not is_proven and any(role != Role.SUPPORTER for role, _scope in held),
        )

    def holds(self, role: str, scope: UUID | None = None) -> bool:
        return (role, None) in self.grants or (scope is not None and (role, scope) in self.grants)

    @property
    def runs_sessions(self) -> bool:
        """Return whether this person has any moderator's desk."""
        return any(role in (Role.MODERATOR, Role.HOST) for role, _scope in self.grants)

    def get_id(self) -> str:
        """Return None: what Flask-Login keeps in the browser is our own token, not this."""
        return str(self.login_id)


@dataclass(frozen=True)
class Stranger:
    """Anonymous visitor. May read, look around, and log in."""

    language: str = "nl"
    # The browser in which they read along, where it counts as somebody present.
    reader: UUID | None = field(default=None, compare=False)
    id = None
    login_id = None
    name = ""
    has_account = False
    participant_role = ParticipantRole.UNDISCLOSED
    domain = None
    neighbourhood = None
    is_known = False
    runs_sessions = False
    awaits_proof = False
    is_authenticated = False
    is_active = False
    is_anonymous = True

    def holds(self, role: str, scope: UUID | None = None) -> bool:
        return False

    def get_id(self) -> None:
        return None
