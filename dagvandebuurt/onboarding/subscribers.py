"""Subscriptions of the set-up: its own steps of the list."""

from dagvandebuurt.onboarding.preparation import steps_of_the_installation
from dagvandebuurt.programme.hooks import preparation_steps

preparation_steps.subscribe(steps_of_the_installation)
