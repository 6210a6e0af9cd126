"""Who may set up and prepare."""

from dagvandebuurt.core.permissions import Permission, anyone, holds_role, publish
from dagvandebuurt.people.models import Role


class OnboardingPermission(Permission):
    BEGIN = "onboarding:installation:begin"
    PREPARE = "onboarding:day:prepare"


WHO_MAY = {
    # Of strangers the code decides, and there is nothing to begin once there is an administrator.
    OnboardingPermission.BEGIN: anyone,
    OnboardingPermission.PREPARE: holds_role(Role.ORGANISER) | holds_role(Role.ADMIN),
}
publish(WHO_MAY)
