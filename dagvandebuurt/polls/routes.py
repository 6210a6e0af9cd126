"""Polls have no page of their own: they are a panel in the pages of a session."""

from typing import Any

from flask import Blueprint
from flask_login import current_user

from dagvandebuurt.polls.queries import polls_for

bp = Blueprint("polls", __name__)


@bp.app_context_processor
def _panel() -> dict[str, Any]:
    """`polls_of(session)` for `polls/_panel.html`."""
    return {"polls_of": lambda session: polls_for(current_user, session)}
