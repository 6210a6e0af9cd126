"""Logged-in visitors without a browser: cookies and handshake tokens signed as the app does."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert

from dagvandebuurt.app import create_app
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.people.models import LoginSession, ParticipantRole, Person, Role, RoleGrant
from tests.factories import Factory


@dataclass(frozen=True)
class Visitor:
    """Logged-in person."""

    person_id: UUID
    login_id: UUID
    cookie: str
    token: str
    is_moderator: bool = False


def visitors(app: Flask, count: int, *, moderators: int = 0, prefix: str = "Buur") -> list[Visitor]:
    """`count` people with a confirmed address, the first of them moderators everywhere."""
    now = datetime.now(UTC)
    people, logins, grants, found = [], [], [], []
    with app.app_context():
        sign = app.session_interface.get_signing_serializer(app)
        live = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="live-token")
        for number in range(count):
            person_id, login_id, browser = uuid4(), uuid4(), uuid4().hex
            people.append(
                {
                    "id": person_id, "name": f"{prefix} {number}", "email": f"{person_id}@buurt.example",
                    "email_key": f"{person_id}@buurt.example", "email_confirmed_at": now, "created_at": now,
                    "participant_role": ParticipantRole.RESIDENT, "language": "nl", "rights_revision": 0,
                }
            )  # fmt: skip
            logins.append(
                {"id": login_id, "person_id": person_id, "began_at": now, "seen_at": now, "proven_at": now}
            )
            if number < moderators:
                grants.append(
                    {"id": uuid4(), "person_id": person_id, "role": Role.MODERATOR, "granted_at": now}
                )
            cookie = sign.dumps(
                {"_user_id": str(login_id), "_fresh": True, "browser": browser, "_permanent": True}
            )
            name = app.config["SESSION_COOKIE_NAME"]
            found.append(
                Visitor(person_id, login_id, f"{name}={cookie}", live.dumps(browser), number < moderators)
            )
        with transaction():
            db.session.execute(insert(Person), people)
            db.session.execute(insert(LoginSession), logins)
            if grants:
                db.session.execute(insert(RoleGrant), grants)
    return found


def another_browser(app: Flask, visitor: Visitor) -> Visitor:
    """The same person, logged in on another device."""
    now, browser = datetime.now(UTC), uuid4().hex
    with app.app_context():
        login = LoginSession(person_id=visitor.person_id, began_at=now, seen_at=now, proven_at=now)
        with transaction():
            db.session.add(login)
        sign = app.session_interface.get_signing_serializer(app)
        cookie = sign.dumps(
            {"_user_id": str(login.id), "_fresh": True, "browser": browser, "_permanent": True}
        )
        token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="live-token").dumps(browser)
        name = app.config["SESSION_COOKIE_NAME"]
        return replace(visitor, login_id=login.id, cookie=f"{name}={cookie}", token=token)


def house_of(folder: Path, environ: dict[str, str]) -> Flask:
    """The app of a served one, to query its database from the test."""
    from tests.conftest import test_settings

    known = {k: v for k, v in environ.items() if k in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORT")}
    return create_app(test_settings(folder, **known))


def live_session(app: Flask, title: str = "Chaos in de zaal") -> UUID:
    """A session in progress, for an hour to come."""
    now = datetime.now(UTC)
    factory = Factory(app)
    factory._count = uuid4().int % 10**12  # a house may get more than one: no slug twice
    session = factory.session(
        title,
        starts_at=now - timedelta(minutes=5),
        ends_at=now + timedelta(hours=1),
        slug=f"zaal-{uuid4().hex[:8]}",
    )
    return session.id
