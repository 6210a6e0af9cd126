"""What the terminal of a server says while there is no administrator: where to begin, and with which code."""

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from dagvandebuurt.core import clock
from dagvandebuurt.core.db import db
from dagvandebuurt.core.transaction import transaction
from dagvandebuurt.onboarding.rules import make_code


def announcement(app: Flask) -> str | None:
    """Make a one-time code and return what to tell the operator. None once there is an administrator, or while
    the database cannot say."""
    with app.app_context():
        try:
            with transaction():
                code = make_code(now=clock.now())
        except SQLAlchemyError:
            db.session.rollback()
            return None
    if code is None:
        return None
    return (
        f"There is no administrator yet. Open {app.config['PUBLIC_URL']}/begin and type this code."
        f" It works once, within 24 hours:\n{code}"
    )
