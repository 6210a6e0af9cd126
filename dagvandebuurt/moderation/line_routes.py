"""Routes of reports about the hall chat of a session."""

from uuid import UUID, uuid4

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dagvandebuurt.chat.items import by_of
from dagvandebuurt.chat.queries import line_of
from dagvandebuurt.chat.rules import OPEN_PHASES
from dagvandebuurt.core import clock
from dagvandebuurt.core.errors import InvalidInput
from dagvandebuurt.core.i18n import gettext as _
from dagvandebuurt.core.permissions import allows
from dagvandebuurt.moderation import events
from dagvandebuurt.moderation.errors import NothingToReport
from dagvandebuurt.moderation.permissions import ModerationPermission
from dagvandebuurt.moderation.routes import REPORTABLE, bp
from dagvandebuurt.programme.models import ProgrammeSession
from dagvandebuurt.programme.queries import session_by_slug
from dagvandebuurt.qanda.form_responses import answered, do, refusal_in_words, status_of
from dagvandebuurt.qanda.labels import by_line


@bp.get("/sessies/<slug>/zaalgesprek/<uuid:line_id>/melden")
@allows(ModerationPermission.REPORT)
def report_line_form(slug: str, line_id: UUID) -> ResponseReturnValue:
    return _page(session_by_slug(current_user, slug), line_id)


def _page(
    session: ProgrammeSession, line_id: UUID, *, said: str = "", status: int = 200
) -> ResponseReturnValue:
    line = line_of(session.id, line_id)
    if line is None or not line.is_shown or session.phase_at(clock.now()) not in OPEN_PHASES:
        raise NothingToReport
    page = render_template(
        "moderation/report_line.html",
        session=session,
        line=line,
        by=by_line(by_of(line)),
        reasons=REPORTABLE,
        typed={name: request.form.get(name, "") for name in ("reason", "note")} | {"op": uuid4().hex},
        said=said,
    )
    return page, status


@bp.post("/sessies/<slug>/zaalgesprek/<uuid:line_id>/melden")
@allows(ModerationPermission.REPORT)
def report_line(slug: str, line_id: UUID) -> ResponseReturnValue:
    """Report a line. Refused: the page with the reason, and what was typed."""
    session = session_by_slug(current_user, slug)
    if not request.form.get("reason"):
        said = _("Kies eerst welke spelregel niet gevolgd is.")
        return _page(session, line_id, said=said, status=InvalidInput.status)
    outcome = do(events.REPORT_LINE, session, line=str(line_id))
    if not outcome["ok"] and "fields" in outcome["error"]:
        return _page(session, line_id, said=refusal_in_words(outcome), status=status_of(outcome))
    sentence = _("Dank je wel. Een moderator kijkt ernaar. Op Mijn dag lees je wat er besloten is.")
    return answered(outcome, url_for("chat.read", slug=slug), sentence)
