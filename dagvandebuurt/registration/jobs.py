"""What the clock does with places."""

from typing import cast

from flask import Flask

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.parts.jobs import job
from dagvandebuurt.registration.models import Registration, SessionChoice
from dagvandebuurt.registration.queries import kept_too_long
from dagvandebuurt.registration.rules import pass_on_lapsed


@job("pass_on_places", minute="*")
def pass_on_places(app: Flask) -> int:
    """Pass places on that were kept in vain. How many went on. Each in a transaction of its own: one that
    fails holds up no other."""
    passed = 0
    with app.app_context():
        now = clock.now()
        for kind, entry_id in kept_too_long(now):
            with transaction():
                entry = cast(Registration | SessionChoice | None, db.session.get(kind, entry_id))
                passed += entry is not None and pass_on_lapsed(entry, now=now)
    return passed
