"""Permissions of moderation.

Everybody may read the rules and report public content; in a session, its participants may report. The
moderators of a session decide there; outside sessions, those of all sessions do.
"""

from dagvandebuurt.core.permissions import (
    Permission,
    anyone,
    has_account,
    is_known,
    publish,
)
from dagvandebuurt.lessons.permissions import moderates_everywhere
from dagvandebuurt.programme.permissions import runs_the_session


class ModerationPermission(Permission):
    READ_RULES = "moderation:rules:read"
    REPORT = "moderation:report:send"
    CONTEST = "moderation:hiding:contest"
    HANDLE = "moderation:report:handle"
    REPORT_TEXT = "moderation:text:report"
    CONTEST_TEXT = "moderation:text:contest"
    HANDLE_TEXTS = "moderation:text:handle"
    JUDGE_TEXTS = "moderation:text:judge"


# The subject of HANDLE is the session.
WHO_MAY = {
    ModerationPermission.READ_RULES: anyone,
    ModerationPermission.REPORT: is_known,
    # The private link identifies the asker, who may have no login any more.
    ModerationPermission.CONTEST: anyone,
    ModerationPermission.HANDLE: runs_the_session,
    # Article 16 of the Digital Services Act: any individual or entity.
    ModerationPermission.REPORT_TEXT: anyone,
    ModerationPermission.CONTEST_TEXT: has_account,
    ModerationPermission.HANDLE_TEXTS: moderates_everywhere,
    ModerationPermission.JUDGE_TEXTS: moderates_everywhere,
}
publish(WHO_MAY)
