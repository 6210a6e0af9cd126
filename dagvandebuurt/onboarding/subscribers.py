"""Subscriptions of the set-up: its own steps of the list, and the page of the list at the organiser's desk."""

from dagvandebuurt.core.i18n import lazy as _l
from dagvandebuurt.core.permissions import can
from dagvandebuurt.onboarding.attention import attention_before_the_day
from dagvandebuurt.onboarding.permissions import OnboardingPermission
from dagvandebuurt.onboarding.preparation import steps_of_the_installation
from dagvandebuurt.people.hooks import WorkPage, work_pages
from dagvandebuurt.programme.hooks import attention_items, preparation_steps


def desk() -> list[WorkPage]:
    return [
        WorkPage(
            desk=_l("Organisatie"),
            endpoint="onboarding.preparation",
            label=_l("Begin hier"),
            order=71,
            icon="check",
            works_here=lambda actor: can(actor, OnboardingPermission.PREPARE),
        )
    ]


preparation_steps.subscribe(steps_of_the_installation)
work_pages.subscribe(desk)
attention_items.subscribe(attention_before_the_day)
