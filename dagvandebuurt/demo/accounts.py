"""Accounts of the demo with their roles, the house rules they accepted, and what they saved."""

from datetime import datetime, time

from dagvandebuurt.core.clock import AMSTERDAM
from dagvandebuurt.core.db import db
from dagvandebuurt.demo.content import Content, id_of
from dagvandebuurt.demo.rows import add, kind_of, reference
from dagvandebuurt.people.models import (
    Bookmark,
    HouseRule,
    HouseRules,
    ParticipantRole,
    Person,
    Role,
    RoleGrant,
)
from dagvandebuurt.people.queries import email_key

HOME_OF_ACCOUNTS = "Sterrenhof"
SCOPES = {"org_contact": "org", "stand_holder": "stand"}  # what these roles are for


def load_accounts(content: Content, now: datetime) -> None:
    for row in content["accounts"]:
        is_new = add(
            Person,
            row["id"],
            name=row["name"],
            email=row["email"],
            email_key=email_key(row["email"]),
            email_confirmed_at=now,
            participant_role=ParticipantRole(row["participant_role"]),
            neighbourhood=HOME_OF_ACCOUNTS if row["participant_role"] == "resident" else None,
            house_rules_version=1,
            privacy_accepted_at=now,
            created_at=now,
        )
        # Hosts run their own sessions only; that right comes with the session.
        if is_new and row["role"] not in ("participant", "host"):
            grant = RoleGrant(
                id=id_of(f"{row['id']} {row['role']}"),
                person_id=id_of(row["id"]),
                role=Role(row["role"]),
                scope_id=reference(row.get(SCOPES[row["role"]])) if row["role"] in SCOPES else None,
                granted_at=now,
            )
            db.session.add(grant)


def load_house_rules(content: Content, now: datetime) -> None:
    row = content["house_rules"]
    start = datetime.combine(row["effective_from"], time(), AMSTERDAM)
    if add(
        HouseRules,
        "house rules",
        version=row["version"],
        effective_from=min(start, now),
        title=row["title"],
        intro=row["intro"],
        what_happens=row["what_happens"],
    ):
        db.session.flush()
        for position, rule in enumerate(row["rules"]):
            add(
                HouseRule,
                f"rule {rule['code']}",
                house_rules_id=id_of("house rules"),
                position=position,
                **rule,
            )


def load_bookmarks(content: Content, now: datetime) -> None:
    for row in content["bookmarks"]:
        add(
            Bookmark,
            f"{row['account']} saved {row['target']}",
            person_id=id_of(row["account"]),
            kind=kind_of(row["target"]),
            target_id=id_of(row["target"]),
            note=row["note"],
            saved_at=now,
        )
