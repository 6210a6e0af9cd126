"""Fingerprint of the key folder, kept in the database: a start with other keys is refused.

The folder holds one key that is never used for anything else and never destroyed. The database keeps an HMAC
under it, and nothing from which the key can be found.
"""

import hmac
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import Connection, NullPool, create_engine, delete, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.core import pseudonyms
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.keys.models import KeyFingerprint

KEY = UUID("6b657973-0000-4000-8000-000000000001")  # names the key of the installation itself
NAME = "keys"
WRONG = (
    "The keys in {folder} do not belong to this database: no code of a phone would be right, and no anonymous"
    " question found. Put back the folder that does: it is in the .keys.zip beside a backup. Lost for good?"
    " dagvandebuurt new-keys"
)


def fingerprint_of(folder: Path) -> str | None:
    """Return the fingerprint of a key folder; None when the key of the installation is not in it."""
    try:
        key = (folder / f"{KEY}.key").read_bytes()
    except FileNotFoundError:
        return None
    return hmac.digest(key, b"fingerprint of the key folder", "sha256").hex()


def fingerprint_in(connection: Connection) -> str | None:
    """Return the fingerprint that a database holds, also one of an earlier release, which held none."""
    if not inspect(connection).has_table(KeyFingerprint.__tablename__):
        return None
    return connection.scalar(select(KeyFingerprint.fingerprint).where(KeyFingerprint.name == NAME))


def remember() -> None:
    """Store the fingerprint of the key folder, unless the database has one. Idempotent. Needs an app context,
    outside a transaction."""
    with transaction():
        if db.session.get(KeyFingerprint, NAME) is None:
            pseudonyms.room_key(KEY)
            found = fingerprint_of(Path(current_app.config["KEY_FOLDER"]))
            assert found is not None
            db.session.add(KeyFingerprint(name=NAME, fingerprint=found))


def forget_fingerprint() -> None:
    """Forget which keys belonged to this database: they are lost."""
    with transaction():
        db.session.execute(delete(KeyFingerprint))


def belong() -> bool:
    """Return whether the key folder is that of this database, as far as the database says: one that is away
    or not migrated yet says nothing. Needs an app context."""
    try:
        expected = db.session.scalar(select(KeyFingerprint.fingerprint).where(KeyFingerprint.name == NAME))
    except SQLAlchemyError:
        db.session.rollback()
        return True
    return expected in (None, fingerprint_of(Path(current_app.config["KEY_FOLDER"])))


def refusal(settings: Mapping[str, Any]) -> str | None:
    """Return why a server must not start with these keys. A database that is away or empty refuses nothing:
    `/readyz` looks again once it is there."""
    url = make_url(str(settings["SQLALCHEMY_DATABASE_URI"]))
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        return None
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            expected = fingerprint_in(connection)
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()
    folder = Path(settings["KEY_FOLDER"])
    if expected in (None, fingerprint_of(folder)):
        return None
    return WRONG.format(folder=folder)
