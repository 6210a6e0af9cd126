"""What asks for an organiser: an alarm that nobody took."""

from collections.abc import Sequence
from datetime import datetime

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.programme.hooks import AttentionItem, Urgency
from dagvandebuurt.programme.models import Edition
from dagvandebuurt.safety.queries import concerns_of


def attention_of_alarms(actor: Actor, edition: Edition, now: datetime) -> Sequence[AttentionItem]:
    return [
        AttentionItem(
            urgency=Urgency.NOW,
            code="danger",
            title=_("Iemand loopt misschien gevaar bij %(title)s.", title=alarm.session.title),
            says=_("Nog niemand pakte dit op."),
            deed=_("Lees het en pak het op"),
            path=path_for("safety.alarm", alarm_id=alarm.id),
            icon="warning",
            session_id=alarm.session.id,
        )
        for alarm in concerns_of(actor, edition.id, edition.dangers_until, now).alarms
    ]
