"""The spelregels, as they are in force now."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dagvandebuurt.core import clock
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.moderation.permissions import ModerationPermission
from dagvandebuurt.people.queries import current_house_rules

bp = Blueprint("moderation", __name__)


@bp.get("/spelregels")
@allows(ModerationPermission.READ_RULES)
def house_rules() -> ResponseReturnValue:
    return render_template("moderation/house_rules.html", rules=current_house_rules(clock.now()))
