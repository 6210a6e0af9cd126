"""What asks for an organiser before the day: the steps that are still to be done."""

from collections.abc import Sequence
from datetime import datetime

from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.i18n import ngettext
from dagvandebuurt.core.permissions import Actor
from dagvandebuurt.core.urls import path_for
from dagvandebuurt.onboarding.preparation import steps_for
from dagvandebuurt.programme.editing.models import EditionStatus
from dagvandebuurt.programme.hooks import AttentionItem, Urgency
from dagvandebuurt.programme.models import Edition


def attention_before_the_day(actor: Actor, edition: Edition, now: datetime) -> Sequence[AttentionItem]:
    """Return how many steps are open, in one line: the list itself says which."""
    if edition.starts_at <= now or edition.status is EditionStatus.ARCHIVED:
        return []
    left = [step for step in steps_for(edition) if not step.is_done]
    if not left:
        return []
    return [
        AttentionItem(
            urgency=Urgency.SOON if edition.status is EditionStatus.DRAFT else Urgency.LATER,
            code="to prepare",
            title=ngettext(
                "Er is nog %(num)s ding te doen voor de dag.",
                "Er zijn nog %(num)s dingen te doen voor de dag.",
                len(left),
            ),
            says=_("Het eerste: %(step)s.", step=str(left[0].title)),
            deed=_("Begin hier"),
            path=path_for("onboarding.preparation"),
            icon="check",
        )
    ]
