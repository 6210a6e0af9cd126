"""Refusals of the set-up in a browser."""

from dagvandebuurt.core.errors import RuleBroken
from dagvandebuurt.core.i18n import lazy as _l


class SetupCodeWrong(RuleBroken):
    """Refusal: never printed, or printed too long ago. Which of them is not told."""

    code = "onboarding.code_wrong"
    status = 422
    message = _l("Deze code klopt niet, of is verlopen. Vraag een nieuwe: dagvandebuurt setup --browser")
